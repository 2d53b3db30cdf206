using Npgsql;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>
/// The private PostgreSQL server that the portal brings up where none is configured: loopback only, passwords always,
/// a port of its own, never as root.
/// </summary>
/// <remarks>
/// Guarantees: set-up happens once and survives being killed at any moment; a server left alive by a killed portal is
/// adopted; what a killed server leaves behind is cleaned up; after <see cref="StopAsync"/> no process remains.
/// </remarks>
public sealed class EmbeddedPostgres
{
    private readonly EmbeddedPostgresOptions options;
    private readonly ClusterLocation location;
    private readonly ClusterServer server;
    private ClusterSecrets? secrets;
    private PostmasterFile? running;

    public EmbeddedPostgres(EmbeddedPostgresOptions options)
    {
        this.options = options;
        location = ClusterLocation.For(options.DataFolder);
        server = new ClusterServer(location, options);
    }

    /// <summary>The folder that holds the cluster, its passwords and its log.</summary>
    public string Home => location.Home;

    /// <summary>The file with the passwords, of mode 600.</summary>
    public string SecretsFile => location.SecretsFile;

    public string ServerLog => location.LogFile;

    public int Port => Running.Port;

    public int ServerProcessId => Running.ProcessId;

    /// <summary>True when the server was already running, left by another process.</summary>
    public bool Adopted { get; private set; }

    private PostmasterFile Running => running ?? throw new InvalidOperationException("The embedded PostgreSQL is not running.");

    /// <summary>Attaches to the cluster of a data folder if its server runs; starts nothing, creates nothing.</summary>
    public static async Task<EmbeddedPostgres?> FindRunningAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        var postgres = new EmbeddedPostgres(options);
        var known = await ClusterSecrets.ReadAsync(postgres.location, cancellationToken);
        var alive = await postgres.server.FindAsync(cancellationToken);
        if (known is null || alive is null)
            return null;
        (postgres.secrets, postgres.running, postgres.Adopted) = (known, alive, true);
        return postgres;
    }

    /// <summary>Brings the server up, adopting one that runs, and makes sure of the roles and <see cref="EmbeddedPostgresOptions.Databases"/>.</summary>
    /// <exception cref="EmbeddedDatabaseException">It cannot be; the message says why and what to do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var binaries = await FindBinariesAsync(cancellationToken);
        await location.EnsureFoldersAsync(cancellationToken);
        await using var onlyOne = await StartLock.AcquireAsync(location, options.Clock, cancellationToken);

        secrets = await ClusterSecrets.ReadOrCreateAsync(location, cancellationToken);
        running = await server.FindAsync(cancellationToken);
        Adopted = running is not null;
        if (running is null)
        {
            if (!location.IsInitialised)
            {
                options.Report($"Creating a private PostgreSQL {binaries.MajorVersion} cluster in {Home} …");
                await ClusterInitialiser.InitialiseAsync(location, binaries, secrets, options.Durable, cancellationToken);
            }

            running = await server.StartAsync(binaries, cancellationToken);
        }
        else
        {
            options.Report($"Using the PostgreSQL server that still runs on 127.0.0.1:{Port} (process {ServerProcessId}).");
        }

        await ClusterProvisioning.EnsureRolesAsync(Superuser("postgres"), secrets, cancellationToken);
        foreach (var database in options.Databases)
            await CreateDatabaseAsync(database, template: null, cancellationToken);
    }

    /// <summary>True while the server process of this data folder lives.</summary>
    public async Task<bool> IsAliveAsync(CancellationToken cancellationToken) => await server.FindAsync(cancellationToken) is not null;

    /// <summary>Creates a database with the portal's roles and privileges, if it does not exist; empty, or as a copy of a template.</summary>
    public Task CreateDatabaseAsync(string database, string? template, CancellationToken cancellationToken) =>
        ClusterProvisioning.EnsureDatabaseAsync(Superuser, database, template, cancellationToken);

    /// <summary>Drops a database, ending its connections.</summary>
    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken) =>
        ClusterProvisioning.DropDatabaseAsync(Superuser("postgres"), database, cancellationToken);

    /// <summary>Stops the server, whoever started it, and waits until it is gone. Nothing happens when none runs.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Home))
        {
            await using var onlyOne = await StartLock.AcquireAsync(location, options.Clock, cancellationToken);
            await server.StopAsync(await FindBinariesAsync(cancellationToken));
        }

        running = null;
    }

    /// <summary>Stops the server and deletes the cluster with everything in it.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        if (Directory.Exists(Home))
            Directory.Delete(Home, recursive: true);
    }

    /// <summary>The connection string of a database on this server, for a role.</summary>
    public string ConnectionString(string database, EmbeddedRole role)
    {
        var known = secrets ?? throw new InvalidOperationException("The embedded PostgreSQL is not running.");
        var (user, password) = role switch
        {
            EmbeddedRole.Owner => (ClusterProvisioning.OwnerName, known.Owner),
            EmbeddedRole.Runtime => (ClusterProvisioning.RuntimeName, known.Runtime),
            _ => ("postgres", known.Superuser),
        };
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = user,
            Password = password,
            Timezone = "UTC",
            ApplicationName = "adminportal",
            SslMode = SslMode.Disable,
        }.ConnectionString;
    }

    /// <summary>Without pooling, so that no idle connection stands in the way of a template's copy or a clean stop.</summary>
    private string Superuser(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(database, EmbeddedRole.Superuser)) { Pooling = false }.ConnectionString;

    private async Task<PostgresBinaries> FindBinariesAsync(CancellationToken cancellationToken)
    {
        var version = await ClusterInitialiser.ReadVersionAsync(location, cancellationToken);
        return await PostgresBinaries.FindAsync(version, cancellationToken)
            ?? throw (version is null ? new PostgresMissingException() : new PostgresMissingException(version.Value, Home));
    }
}
