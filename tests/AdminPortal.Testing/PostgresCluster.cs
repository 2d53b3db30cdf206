using System.Globalization;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Testing;

/// <summary>
/// A private PostgreSQL for one test assembly, started when the first test asks for it:
/// <c>[assembly: AssemblyFixture(typeof(PostgresCluster))]</c>, then take it as a constructor parameter.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string DeviceTemplate = "template_device";
    private const string PortalTemplate = "template_portal";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _templates = [];
    private TestRunFolder? _folder;
    private EmbeddedPostgres? _server;
    private int _count;

    /// <summary>A migrated managed database (<c>DeviceDbContext</c>) of the caller's own.</summary>
    public Task<TestDatabase> CreateDeviceDatabaseAsync(CancellationToken cancellationToken = default) =>
        CreateAsync("device", DeviceTemplate, TemplateMigrations.MigrateDeviceDatabase, cancellationToken);

    /// <summary>A migrated portal database (<c>PortalDbContext</c>) of the caller's own.</summary>
    public Task<TestDatabase> CreatePortalDatabaseAsync(CancellationToken cancellationToken = default) =>
        CreateAsync("portal", PortalTemplate, TemplateMigrations.MigratePortalDatabase, cancellationToken);

    /// <summary>A database with the portal's roles and nothing else, for tests of migrations.</summary>
    public Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken cancellationToken = default) =>
        CreateAsync("empty", template: null, migrate: null, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_folder is not null)
            await _folder.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<TestDatabase> CreateAsync(
        string kind, string? template, Func<string, CancellationToken, Task>? migrate, CancellationToken cancellationToken)
    {
        var name = $"{kind}_{Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture)}";
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var server = _server ??= await StartAsync(cancellationToken);
            if (template is not null && !_templates.Contains(template))
            {
                await server.CreateDatabaseAsync(template, template: null, cancellationToken);
                var owner = new NpgsqlConnectionStringBuilder(server.ConnectionString(template, EmbeddedRole.Owner)) { Pooling = false };
                if (migrate is not null)
                {
                    await migrate(owner.ConnectionString, cancellationToken);
                    await GrantAsync(owner.ConnectionString, server.ConnectionString(template, EmbeddedRole.Runtime), cancellationToken);
                }

                _templates.Add(template);
            }

            await server.CreateDatabaseAsync(name, template, cancellationToken);
            return new TestDatabase(server, name);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// As after every migration of the portal: the runtime role cannot rewrite history in tests either, and reads of the host's tables the
    /// columns that it needs. Tests write and read their people and tasks with it, which a host does itself.
    /// </summary>
    public static async Task GrantAsync(string owner, string runtime, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(cancellationToken);
        var role = new NpgsqlConnectionStringBuilder(runtime).Username;
        await RuntimeGrants.ApplyAsync(connection, role, cancellationToken);
        await using var host = new NpgsqlCommand($"DO $$ BEGIN IF to_regclass('public.users') IS NOT NULL THEN GRANT SELECT, INSERT, UPDATE, DELETE ON public.users, portal.users, public.tasks, public.focus_sessions TO {role}; END IF; END $$", connection);
        await host.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Servers of hosts know prepared transactions and replication slots, which need a restart.</summary>
    private static async Task AsHostsHaveItAsync(string superuser, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var setting in new[] { "max_prepared_transactions = 20", "wal_level = logical" })
        {
            await using var command = new NpgsqlCommand($"ALTER SYSTEM SET {setting}", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<EmbeddedPostgres> StartAsync(CancellationToken cancellationToken)
    {
        _folder ??= await TestRunFolder.CreateAsync(cancellationToken);
        var server = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = _folder.NewDataFolder(), Durable = false });
        await server.StartAsync(cancellationToken);
        await AsHostsHaveItAsync(server.ConnectionString("postgres", EmbeddedRole.Superuser), cancellationToken);
        await server.StopAsync(cancellationToken);
        await server.StartAsync(cancellationToken);
        return server;
    }
}
