using AdminPortal.Core;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Secrets;
using AdminPortal.Core.Targets;

namespace AdminPortal.Web.Hosting;

/// <summary>The portal's services for one command-line verb: the same ones as the pages use, without a server.</summary>
internal sealed class CommandServices : IAsyncDisposable
{
    private readonly IHost host;

    private CommandServices(IHost host) => this.host = host;

    /// <summary>Brings the portal's own database, and embedded targets, to this release first.</summary>
    public static async Task<CommandServices> CreateAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddConfiguration(configuration);
        DataFolder.FillIn(builder.Configuration);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None); // with stack traces, of what a verb answers in a sentence
        builder.Services.AddSingleton(new RunPlace(KeepsItsRuns: true));
        builder.Services.AddPortalCore();
        builder.Services.AddKeyEncryption(builder.Configuration);
        var services = new CommandServices(builder.Build());
        await services.Get<PortalDatabase>().MigrateAsync(cancellationToken);
        if (configuration.GetValue<bool>(EmbeddedConfiguration.EmbeddedKey))
        {
            await services.Get<ManagedDatabase>().MigrateAtStartAsync([services.Get<DeviceDatabases>().PrimaryName], cancellationToken);
        }

        await services.Get<TargetStrings>().CheckAsync(cancellationToken);
        return services;
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync() => await ((IAsyncDisposable)host).DisposeAsync();
}
