using AdminPortal.Core.EmbeddedDatabase;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// The databases for one command-line verb: the configured ones; else the embedded ones of the portal that runs;
/// else the embedded ones, started for this verb and stopped after it.
/// </summary>
internal sealed class CommandDatabases : IAsyncDisposable
{
    private static readonly TimeSpan PatienceForAStartingPortal = TimeSpan.FromSeconds(30);
    private readonly EmbeddedPostgres? startedHere;
    private readonly InstanceLock? heldLock;

    private CommandDatabases(IConfiguration configuration, EmbeddedPostgres? startedHere = null, InstanceLock? heldLock = null) =>
        (Configuration, this.startedHere, this.heldLock) = (configuration, startedHere, heldLock);

    /// <summary>The portal's configuration, complete with connection strings.</summary>
    public IConfiguration Configuration { get; }

    public static async Task<CommandDatabases> OpenAsync(TextWriter progress, CancellationToken cancellationToken)
    {
        var configuration = LoadConfiguration();
        if (!EmbeddedConfiguration.IsNeeded(configuration))
            return new CommandDatabases(configuration);

        var folder = DataFolder.ResolveAndCreate();
        var options = EmbeddedConfiguration.Options(folder, progress.WriteLine);
        if (InstanceLock.TryAcquire(folder) is not { } held)
            return new CommandDatabases(With(configuration, await WaitForRunningAsync(options, cancellationToken)));

        var postgres = new EmbeddedPostgres(options);
        try
        {
            await postgres.StartAsync(cancellationToken);
            return new CommandDatabases(With(configuration, postgres), postgres, held);
        }
        catch
        {
            await postgres.StopAsync(CancellationToken.None);
            held.Dispose();
            throw;
        }
    }

    /// <summary>The same files and variables that the web program reads.</summary>
    public static IConfiguration LoadConfiguration()
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(RepositoryRoot.ContentRoot)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Production"}.json", optional: true)
            .AddEnvironmentVariables();
        SecretFolder.AddTo(configuration);
        return configuration.Build();
    }

    public static IConfiguration With(IConfiguration configuration, EmbeddedPostgres postgres) => new ConfigurationBuilder()
        .AddConfiguration(configuration)
        .AddInMemoryCollection(EmbeddedConfiguration.Settings(postgres))
        .Build();

    public async ValueTask DisposeAsync()
    {
        if (startedHere is not null)
        {
            Npgsql.NpgsqlConnection.ClearAllPools();
            await startedHere.StopAsync(CancellationToken.None);
        }

        heldLock?.Dispose();
    }

    private static async Task<EmbeddedPostgres> WaitForRunningAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        var deadline = options.Clock.GetUtcNow() + PatienceForAStartingPortal;
        while (true)
        {
            if (await EmbeddedPostgres.FindRunningAsync(options, cancellationToken) is { } running)
                return running;
            if (options.Clock.GetUtcNow() > deadline)
                throw new CommandFailedException($"A portal holds {options.DataFolder}, but its PostgreSQL does not run. Stop that portal, then try again.");
            await Task.Delay(TimeSpan.FromMilliseconds(200), options.Clock, cancellationToken);
        }
    }
}
