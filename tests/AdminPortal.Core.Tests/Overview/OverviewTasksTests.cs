using AdminPortal.Core.Jobs;
using AdminPortal.Core.Overview;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Jobs;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Overview;

/// <summary>What the first page names as things to do, from what really is and is not on record.</summary>
public sealed class OverviewTasksTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_TargetWithNothingDone_NamesMigrationsBackupAndVerification()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);

        var tasks = (await ReadAsync(world)).Tasks.Where(t => t.Title.Contains("main", StringComparison.Ordinal)).ToList();

        Assert.EndsWith("migrations wait on main", tasks[0].Title, StringComparison.Ordinal);
        Assert.Equal("Not run on staging yet, which comes first.", tasks[0].Detail);
        Assert.Equal(["main has no backup", "main was never verified"], tasks.Skip(1).Select(t => t.Title));
        Assert.Equal(["/migrations/main", "/backups", "/verification/main"], tasks.Select(t => t.Address));
        Assert.Null(await world.Get<OverviewTasks>().ReadAsync(OperationsWorld.Admin with { Role = Data.Accounts.AccountRole.User }, Token));
    }

    [Fact]
    public async Task Read_MigrationsThatRanOnStaging_SaySinceWhenTheyWait()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var run = await world.DeployAsync("staging");
        Assert.Equal(RunState.Done, run.State);

        var waiting = (await ReadAsync(world)).Tasks.Single(t => t.Title.EndsWith("wait on main", StringComparison.Ordinal));

        Assert.Equal(("Ran on staging", "Review"), (waiting.Detail, waiting.Act));
        Assert.InRange(waiting.Since!.Value, run.StartedAt!.Value.AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public async Task Read_DatabaseThatIsWell_IsOneLineWithItsAges()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await world.VerifiedAsync("main", passed: true);

        var state = await ReadAsync(world);

        Assert.Equal(["migrated", "verified"], state.Well.Single(line => line.Title == "main").Facts.Select(f => f.Words));
        Assert.Contains(state.Well, line => line.Title == "Jobs");
        Assert.Contains(state.Well.Select(line => line.Title).Concat(state.Tasks.Select(t => t.Title)), title => title.Contains("isk", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_FailedRunsAndJobs_AreTasksUntilTheNextOneGoesWell()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await using var db = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        db.OperationRuns.Add(Run("1", RunState.Failed, -60));
        db.JobRuns.Add(new JobRun { Job = JobNames.Backups, StartedBy = JobRuns.Schedule, Instance = "i", Outcome = JobOutcome.Failed, Message = "No room.", FinishedAt = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync(Token);

        var tasks = (await ReadAsync(world)).Tasks;
        Assert.Contains(tasks, t => t is { Title: "“Take a backup of main” failed", Detail: "No room.", Address: "/runs/1" });
        Assert.Contains(tasks, t => t.Title.StartsWith("The job “", StringComparison.Ordinal) && t.Detail == "No room." && t.Address == "/jobs");

        db.OperationRuns.Add(Run("2", RunState.Done, -30));
        db.JobRuns.Add(new JobRun { Job = JobNames.Backups, StartedBy = JobRuns.Schedule, Instance = "i", Outcome = JobOutcome.Done, FinishedAt = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync(Token);
        Assert.DoesNotContain((await ReadAsync(world)).Tasks, t => t.Title.Contains("failed", StringComparison.Ordinal));

        static OperationRun Run(string id, RunState state, int minutes) => new()
        {
            Id = id,
            Kind = "backups.take",
            Target = "main",
            Title = "Take a backup of main",
            State = state,
            Parameters = "{}",
            ActorId = "a",
            CreatedAt = TimeProvider.System.GetUtcNow().AddMinutes(minutes),
            FinishedAt = TimeProvider.System.GetUtcNow().AddMinutes(minutes + 1),
            Error = state == RunState.Failed ? "No room." : null,
        };
    }

    [Fact]
    public async Task Read_BackupThatIsNotProven_IsATaskUntilItIs()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await world.VerifiedAsync("main", passed: true);
        await using var db = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        var now = TimeProvider.System.GetUtcNow();
        var backup = new Backup
        {
            Id = Ids.New(),
            Target = "main",
            Identity = (await world.StatusAsync("main")).Identity.Key,
            RunId = "r",
            FileName = "main.dump",
            State = BackupState.Complete,
            StartedAt = now.AddMinutes(-1),
            FinishedAt = now,
            ServerVersion = "15",
        };
        db.Backups.Add(backup);
        await db.SaveChangesAsync(Token);
        Assert.Equal(["main has no proven backup"], await TitlesAsync(world));

        backup.RestoredAt = now;
        await db.SaveChangesAsync(Token);
        Assert.Empty(await TitlesAsync(world));

        backup.FinishedAt = now - TargetTasks.OldBackup - TimeSpan.FromHours(1);
        await db.SaveChangesAsync(Token);
        Assert.Equal(["The backup of main is old"], await TitlesAsync(world));
    }

    private static async Task<OverviewState> ReadAsync(OperationsWorld world) => (await world.Get<OverviewTasks>().ReadAsync(OperationsWorld.Support, Token))!;

    private static async Task<IEnumerable<string>> TitlesAsync(OperationsWorld world) =>
        (await ReadAsync(world)).Tasks.Select(t => t.Title).Where(t => t.Contains("main", StringComparison.Ordinal));
}
