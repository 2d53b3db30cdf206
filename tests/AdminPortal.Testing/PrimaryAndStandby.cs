using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AdminPortal.Core.EmbeddedDatabase;
using Npgsql;

namespace AdminPortal.Testing;

/// <summary>A PostgreSQL server of a test's own and its streaming standby, which can take its place.</summary>
public sealed class PrimaryAndStandby : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestRunFolder _folder;
    private readonly EmbeddedPostgres _primary;
    private readonly ClusterLocation _standby;
    private readonly PostgresBinaries _binaries;

    private PrimaryAndStandby(TestRunFolder folder, EmbeddedPostgres primary, ClusterLocation standby, PostgresBinaries binaries, int standbyPort) =>
        (_folder, _primary, _standby, _binaries, StandbyPort) = (folder, primary, standby, binaries, standbyPort);

    public int PrimaryPort => _primary.Port;

    public int StandbyPort { get; }

    /// <summary>The standby first, as it may be after a failover, in Npgsql's documented form.</summary>
    public string Hosts => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{StandbyPort},127.0.0.1:{PrimaryPort}");

    /// <summary>A database on the primary, with the portal's roles, that the standby has too.</summary>
    /// <param name="migrated">True: a managed database at this release; false: an empty one.</param>
    public async Task CreateDatabaseAsync(string name, bool migrated, CancellationToken cancellationToken)
    {
        await _primary.CreateDatabaseAsync(name, template: null, cancellationToken);
        var owner = new NpgsqlConnectionStringBuilder(_primary.ConnectionString(name, EmbeddedRole.Owner)) { Pooling = false }.ConnectionString;
        if (migrated)
        {
            await TemplateMigrations.MigrateDeviceDatabase(owner, cancellationToken);
            await PostgresCluster.GrantAsync(owner, _primary.ConnectionString(name, EmbeddedRole.Runtime), cancellationToken);
        }

        await CaughtUpAsync(cancellationToken);
    }

    /// <summary>With both servers, as an operator writes it who knows of no further setting.</summary>
    public string ConnectionString(string database, EmbeddedRole role)
    {
        var one = new NpgsqlConnectionStringBuilder(_primary.ConnectionString(database, role)) { Host = Hosts };
        one.Remove("Port");
        return one.ConnectionString;
    }

    public static async Task<PrimaryAndStandby> StartAsync(CancellationToken cancellationToken)
    {
        var folder = await TestRunFolder.CreateAsync(cancellationToken);
        var primary = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = folder.NewDataFolder(), Durable = false });
        await primary.StartAsync(cancellationToken);
        var binaries = (await PostgresBinaries.FindAsync(null, cancellationToken))!;
        var location = ClusterLocation.For(folder.NewDataFolder());
        await location.EnsureFoldersAsync(cancellationToken);
        var superuser = new NpgsqlConnectionStringBuilder(primary.ConnectionString("postgres", EmbeddedRole.Superuser));
        await ServerCommand.RunCheckedAsync(
            Path.Combine(binaries.Folder, "pg_basebackup"),
            ["--dbname", $"host=127.0.0.1 port={superuser.Port} user={superuser.Username} password={superuser.Password}", "--pgdata", location.Data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"],
            location.RunAs, location.ServerFolder, cancellationToken);
        var servers = new PrimaryAndStandby(folder, primary, location, binaries, FreePort());
        await ClusterInitialiser.WriteSettingsAsync(location, servers.StandbyPort, durable: false, cancellationToken);
        await servers.ControlStandbyAsync("start", "--wait", "--silent", "--log", location.LogFile);
        return servers;
    }

    /// <summary>As a crash of its machine: no connection is told.</summary>
    public async Task CrashPrimaryAsync()
    {
        using var server = System.Diagnostics.Process.GetProcessById(_primary.ServerProcessId);
        server.Kill();
        await server.WaitForExitAsync();
    }

    /// <summary>Until the standby takes writes.</summary>
    public Task PromoteAsync() => ControlStandbyAsync("promote", "--wait", "--silent");

    /// <summary>Until the standby has everything that was committed on the primary.</summary>
    public async Task CaughtUpAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_primary.ConnectionString("postgres", EmbeddedRole.Superuser)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(patience.Token);
        await using var command = new NpgsqlCommand("SELECT coalesce((SELECT replay_lsn >= pg_current_wal_insert_lsn() FROM pg_stat_replication), false)", connection);
        while (await command.ExecuteScalarAsync(patience.Token) is not true)
            await Task.Delay(50, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ControlStandbyAsync("stop", "--mode", "immediate", "--wait", "--silent");
        await _folder.DisposeAsync();
    }

    private Task ControlStandbyAsync(params string[] arguments) =>
        ServerCommand.RunCheckedAsync(_binaries.PgCtl, [arguments[0], "--pgdata", _standby.Data, .. arguments[1..]], _standby.RunAs, _standby.ServerFolder, CancellationToken.None);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
