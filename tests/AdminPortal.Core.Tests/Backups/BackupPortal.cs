using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Runs;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>One portal process with a target called <c>main</c>, a database of its own, and a folder for backups.</summary>
internal sealed class BackupPortal : IAsyncDisposable
{
    private readonly TestDatabase _portal;
    private readonly ServiceProvider _services;
    private readonly bool _ownsDatabases;

    private BackupPortal(TestDatabase target, TestDatabase portal, string folder, (string Key, string Value)[] settings, bool ownsDatabases)
    {
        (Target, _portal, Folder, _ownsDatabases) = (target, portal, folder, ownsDatabases);
        var configuration = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = portal.RuntimeConnectionString,
            ["Portal:Targets:main:ConnectionString"] = target.RuntimeConnectionString,
            ["Portal:Targets:main:OwnerConnectionString"] = target.OwnerConnectionString,
            ["Portal:Targets:main:Primary"] = "true",
            ["Backups:Folder"] = folder,
        };
        foreach (var (key, value) in settings)
            configuration[key] = value;
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build())
            .AddLogging()
            .AddSingleton(new RunPlace(KeepsItsRuns: true))
            .AddPortalCore()
            .BuildServiceProvider();
    }

    public static Actor Admin { get; } = new("admin", "The admin", AccountRole.Admin, null, null);

    public TestDatabase Target { get; }

    /// <summary>Where its backups lie.</summary>
    public string Folder { get; }

    public BackupActs Acts => Get<BackupActs>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<BackupPortal> CreateAsync(PostgresCluster cluster, params (string Key, string Value)[] settings) => new(
        await cluster.CreateDeviceDatabaseAsync(Token), await cluster.CreatePortalDatabaseAsync(Token),
        Directory.CreateTempSubdirectory("adminportal-backups-").FullName, settings, ownsDatabases: true);

    /// <summary>Another portal process on the same databases and folder, configured otherwise.</summary>
    public BackupPortal Another(params (string Key, string Value)[] settings) => new(Target, _portal, Folder, settings, ownsDatabases: false);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts a backup and works on it to its end.</summary>
    public Task<(OperationRun Run, BackupRow? Backup)> TakeAsync() => TakeUntilAsync(CancellationToken.None);

    /// <summary>Starts a backup and works on it until it is to stop.</summary>
    public async Task<(OperationRun Run, BackupRow? Backup)> TakeUntilAsync(CancellationToken stop)
    {
        var run = await WorkUntilAsync(await Acts.TakeAsync(Admin, "main", null, Token), stop);
        return (run, await LastAsync());
    }

    /// <summary>A complete backup.</summary>
    public async Task<BackupRow> TakenAsync()
    {
        var (run, backup) = await TakeAsync();
        Assert.True(run.State == RunState.Done, run.Error);
        return backup!;
    }

    public Task<OperationRun> WorkAsync(BackupOutcome outcome) => WorkUntilAsync(outcome, CancellationToken.None);

    public async Task<OperationRun> WorkUntilAsync(BackupOutcome outcome, CancellationToken stop)
    {
        var id = Assert.IsType<BackupOutcome.Started>(outcome).RunId;
        await Get<RunHere>().WorkAsync(id, stop);
        await using var db = await ContextAsync();
        return await db.OperationRuns.AsNoTracking().SingleAsync(r => r.Id == id, Token);
    }

    public async Task<BackupRow?> LastAsync()
    {
        await using var db = await ContextAsync();
        return await BackupRow.Of(db.Backups.AsNoTracking().OrderByDescending(b => b.StartedAt)).FirstOrDefaultAsync(Token);
    }

    public Task<PortalDbContext> ContextAsync() => Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);

    /// <summary>The names of the files in the folder, without the one that says which folder it is.</summary>
    public IReadOnlyList<string> Files() => [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)!).Where(name => name != BackupFolder.IdFile).Order(StringComparer.Ordinal)];

    /// <summary>A table of rows that do not compress, so that a dump of it takes a while.</summary>
    public Task FillAsync(int rows) => ExecuteAsync($"""
        CREATE TABLE IF NOT EXISTS public.bulk (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL);
        INSERT INTO public.bulk (text) SELECT md5(random()::text) || md5(random()::text) || md5(random()::text) || md5(random()::text) FROM generate_series(1, {rows})
        """);

    public Task ExecuteAsync(string sql, string? database = null) => OnAsync(database, async connection =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
        return 0;
    });

    public Task<T?> ScalarAsync<T>(string sql, string? database = null) => OnAsync(database, async connection =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token) is T value ? value : default;
    });

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(10, timeout.Token);
    }

    /// <summary>Until so many bytes of the dump are written.</summary>
    public Task UntilWrittenAsync(long bytes) => UntilAsync(() =>
        Task.FromResult(new DirectoryInfo(Folder).EnumerateFiles("*.partial").Any(file => file.Length >= bytes)));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownsDatabases)
        {
            await Target.DisposeAsync();
            await _portal.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task<T> OnAsync<T>(string? database, Func<NpgsqlConnection, Task<T>> act)
    {
        var owner = new NpgsqlConnectionStringBuilder(Target.OwnerConnectionString) { Pooling = false };
        owner.Database = database ?? owner.Database;
        await using var connection = new NpgsqlConnection(owner.ConnectionString);
        await connection.OpenAsync(Token);
        return await act(connection);
    }
}
