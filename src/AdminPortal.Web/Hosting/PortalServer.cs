using AdminPortal.Core.Accounts;
using AdminPortal.Core.EmbeddedDatabase;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace AdminPortal.Web.Hosting;

/// <summary>One life of the portal: alone on its data folder, database up, listening, and everything down again at the end.</summary>
internal static class PortalServer
{
    private static readonly TimeSpan PatienceWithOpenRequests = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(ServeOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var listen = ListenAddress.For(options);
        var folder = DataFolder.ResolveAndCreate();
        using var only = InstanceLock.TryAcquire(folder) ?? throw AlreadyRunning(folder);

        var builder = CreateBuilder(listen);
        await using var embedded = new EmbeddedLifetime(folder, output);
        if (EmbeddedConfiguration.IsNeeded(builder.Configuration))
        {
            var postgres = await embedded.StartAsync(cancellationToken);
            builder.Configuration.AddInMemoryCollection(EmbeddedConfiguration.Settings(postgres));
            builder.Services.AddSingleton(postgres).AddHostedService<EmbeddedWatch>();
        }

        builder.Services.AddSingleton(new FirstPasswordFile(FirstSteps.PasswordFileIn(folder)));
        builder.AddPortal();
        await using var app = builder.Build();
        app.MapPortal();
        var signIn = await FirstSteps.RunAsync(app, options, folder, cancellationToken);
        await StartAsync(app, listen, cancellationToken);

        var url = builder.Configuration["Portal:PublicUrl"] is { } publicUrl && options.Lan ? publicUrl : ListenAddress.Printable(app.Urls.First());
        only.Announce(url);
        await output.WriteLineAsync($"Portal ready: {url}");
        foreach (var line in signIn)
            await output.WriteLineAsync(line);
        await StopAsync(app, cancellationToken);
        return 0;
    }

    private static WebApplicationBuilder CreateBuilder(ListenAddress listen)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = RepositoryRoot.ContentRoot,
            ApplicationName = typeof(PortalServer).Assembly.GetName().Name,
        });
        SecretFolder.AddTo(builder.Configuration);
        builder.WebHost.UseUrls(listen.Urls);
        builder.Services.AddSystemd(); // nothing unless systemd started the process; else logs in its form, and what tells it of the state
        builder.Services.AddSingleton<IHostLifetime, PortalLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = PatienceWithOpenRequests);
        if (builder.Configuration["Portal:PublicUrl"] is null && listen.PublicUrl is not null)
            builder.Configuration["Portal:PublicUrl"] = listen.PublicUrl;
        DataFolder.FillIn(builder.Configuration);
        return builder;
    }

    private static async Task StartAsync(WebApplication app, ListenAddress listen, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            await app.StopAsync(CancellationToken.None); // the background services are up already
            throw new AddressTakenException(listen.Urls, failure);
        }
    }

    /// <summary>Waits for the signal, and leaves what is open time to go elsewhere.</summary>
    private static async Task StopAsync(WebApplication app, CancellationToken signal)
    {
        using var told = CancellationTokenSource.CreateLinkedTokenSource(signal, app.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, told.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.Services.GetRequiredService<Drain>().RunAsync();
        await app.StopAsync(CancellationToken.None);
    }

    private static CommandFailedException AlreadyRunning(string folder)
    {
        var holder = InstanceLock.ReadHolder(folder);
        var who = holder is null ? "" : $" (process {holder.ProcessId}{(holder.Url is null ? "" : $", {holder.Url}")})";
        return new CommandFailedException(
            $"A portal already runs on {folder}{who}; it was left alone. A second one needs its own folder and address: {DataFolder.Variable}=… {ListenAddress.Variable}=… ./run");
    }

    /// <summary>Stops the embedded PostgreSQL at the end of <c>serve</c>, also when the start failed half-way.</summary>
    private sealed class EmbeddedLifetime(string folder, TextWriter output) : IAsyncDisposable
    {
        private EmbeddedPostgres? server;

        public async Task<EmbeddedPostgres> StartAsync(CancellationToken cancellationToken)
        {
            server = new EmbeddedPostgres(EmbeddedConfiguration.Options(folder, output.WriteLine));
            await server.StartAsync(cancellationToken);
            return server;
        }

        public async ValueTask DisposeAsync()
        {
            if (server is null)
                return;
            NpgsqlConnection.ClearAllPools();
            await server.StopAsync(CancellationToken.None);
            await output.WriteLineAsync("Stopped.");
        }
    }
}
