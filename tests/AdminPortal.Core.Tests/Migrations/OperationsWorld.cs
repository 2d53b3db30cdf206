using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Verification;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>
/// The portal's services as the command line has them, on a portal database and two targets of the test's own: <c>main</c>
/// requires <c>staging</c>. What is started is worked on in this process, by whoever waits for it.
/// </summary>
internal sealed class OperationsWorld : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly List<TestDatabase> _databases;

    private OperationsWorld(IHost host, List<TestDatabase> databases) => (_host, _databases) = (host, databases);

    public static Actor Admin { get; } = new("admin", "Portal admin", AccountRole.Admin, null, "127.0.0.1");

    public static Actor Support { get; } = new("support", "Support", AccountRole.Support, null, "127.0.0.1");

    public TestDatabase Portal => _databases[0];

    public TestDatabase Staging => _databases[1];

    public TestDatabase Main => _databases[2];

    public MigrationStatuses Statuses => Get<MigrationStatuses>();

    public MigrationPreviews Previews => Get<MigrationPreviews>();

    public MigrationRuns Migrations => Get<MigrationRuns>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="migrated">True: the targets are at this release already; else they are empty.</param>
    /// <param name="protectedStaging">True: whoever changes <c>staging</c> has to type their password again.</param>
    /// <param name="owner">Changes the owner's connection string of <c>staging</c>.</param>
    public static async Task<OperationsWorld> CreateAsync(PostgresCluster cluster, bool migrated = false, bool protectedStaging = false, Func<string, string>? owner = null)
    {
        List<TestDatabase> databases = [await cluster.CreatePortalDatabaseAsync(Token)];
        for (var i = 0; i < 2; i++)
            databases.Add(await (migrated ? cluster.CreateDeviceDatabaseAsync(Token) : cluster.CreateEmptyDatabaseAsync(Token)));
        return new OperationsWorld(Build(databases, protectedStaging, owner ?? (same => same)), databases);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Works on the run that was started, to its end.</summary>
    public async Task<RunRow> EndOfAsync(MigrationOutcome outcome)
    {
        var runId = Assert.IsType<MigrationOutcome.Started>(outcome).RunId;
        await Get<RunHere>().WorkAsync(runId, Token);
        return (await Get<OperationRuns>().FindAsync(Admin, runId, Token))!;
    }

    /// <summary>Looks, approves, and runs everything that is pending.</summary>
    public async Task<RunRow> DeployAsync(string target) => await EndOfAsync(await StartDeployAsync(target));

    public async Task<MigrationOutcome> StartDeployAsync(string target)
    {
        var (preview, status) = await Previews.ReadAsync(target, Token);
        Assert.True(preview is not null, status.ToString());
        await Get<MigrationApprovals>().ApproveAsync(Admin, target, preview.ApprovalHash, null, Token);
        return await Migrations.DeployAsync(Admin, target, preview.ApprovalHash, withBackup: false, "a test", Token);
    }

    public async Task<MigrationStatus.Known> StatusAsync(string target) => Assert.IsType<MigrationStatus.Known>(await Statuses.ReadAsync(target, Token));

    /// <summary>A verification of this moment.</summary>
    public async Task VerifiedAsync(string target, bool passed)
    {
        var status = await StatusAsync(target);
        await using var db = await Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        var now = TimeProvider.System.GetUtcNow();
        db.Verifications.Add(new VerificationRecord
        {
            Id = Ids.New(),
            Target = target,
            Identity = status.Identity.Key,
            StartedAt = now,
            FinishedAt = now,
            Passed = passed,
            Checks = "[]",
        });
        await db.SaveChangesAsync(Token);
    }

    /// <summary>A connection of the owner's to staging.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string program = "a test")
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Staging.OwnerConnectionString) { Pooling = false, ApplicationName = program }.ConnectionString);
        await connection.OpenAsync(Token);
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await TargetHistory.ExecuteAsync(connection, sql, Token);
    }

    /// <summary>As the portal puts on record in staging that it begins a migration.</summary>
    public async Task BegunAsync(MigrationScript script)
    {
        await using var connection = await OpenAsync();
        await TargetHistory.ExecuteAsync(connection, Get<MigrationScripts>().HistoryTable, Token);
        await MigrationSteps.RecordAsync(connection, Get<MigrationScripts>(), [script.Id], Token);
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }

    /// <summary>As a failed CREATE INDEX CONCURRENTLY leaves it; only a superuser may write that, so it is made to happen.</summary>
    public async Task InvalidateAsync(string index)
    {
        await ExecuteAsync($"""DROP INDEX public."{index}" """);
        await ExecuteAsync("""INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now())""");
        await ExecuteAsync("""INSERT INTO public.tasks (id, "userId", title, "updatedAt", "clientId") VALUES ('1', 'u', 'x', now(), 'c'), ('2', 'u', 'x', now(), 'c')""");
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync($"""CREATE UNIQUE INDEX CONCURRENTLY "{index}" ON public.tasks ("clientId")"""));
        await ExecuteAsync("DELETE FROM public.tasks");
    }

    /// <summary>Ends the server process of the migration as soon as it waits for a lock.</summary>
    public async Task KillWaitingMigrationAsync(Task work)
    {
        while (!work.IsCompleted && await ScalarAsync("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'AdminPortal operations' AND wait_event_type = 'Lock'
            """) is 0L)
        {
            await Task.Delay(10, Token);
        }
    }

    /// <summary>Until the run is finished, taking it up each time that it was given back, as the portal's worker does.</summary>
    public async Task<RunRow> TakeUpAsync(string runId)
    {
        while (true)
        {
            var run = (await Get<OperationRuns>().FindAsync(Admin, runId, Token))!;
            if (run.IsFinished)
                return run;
            var taken = await Get<RunClaims>().TakeAsync(Get<RunPlace>().Instance, [.. Get<RunExecution>().Kinds], 10, Token);
            if (taken is not null)
                await Get<RunExecution>().RunAsync(taken, Token);
        }
    }

    public async Task UntilAsync(string runId, Func<RunJournalRows, bool> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition(await Get<RunJournals>().ReadAsync(Admin, runId, timeout.Token)))
            await Task.Delay(50, timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_host).DisposeAsync();
        foreach (var database in _databases)
            await database.DisposeAsync();
    }

    private static IHost Build(List<TestDatabase> databases, bool protectedStaging, Func<string, string> owner)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = databases[0].RuntimeConnectionString,
            ["ConnectionStrings:PortalOwner"] = databases[0].OwnerConnectionString,
            ["Portal:Targets:staging:ConnectionString"] = databases[1].RuntimeConnectionString,
            ["Portal:Targets:staging:OwnerConnectionString"] = owner(databases[1].OwnerConnectionString),
            ["Backups:Folder"] = Path.Combine(Path.GetTempPath(), $"adminportal-world-{databases[0].Name}-{Environment.ProcessId}"),
            ["Portal:Targets:main:ConnectionString"] = databases[2].RuntimeConnectionString,
            ["Portal:Targets:main:OwnerConnectionString"] = databases[2].OwnerConnectionString,
            ["Portal:Targets:staging:Protected"] = protectedStaging ? "true" : "false",
            ["Portal:Targets:main:Primary"] = "true",
            ["Portal:Targets:main:Requires"] = "staging",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(new RunPlace(KeepsItsRuns: true));
        builder.Services.AddPortalCore();
        return builder.Build();
    }
}
