using AdminPortal.Core.Deployments;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.Deployments;

/// <summary>The checklist of a release, filled by what really was done to two databases.</summary>
public sealed class DeploymentChecklistTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_NothingWasDone_EveryLineIsOpen()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);

        var checklist = await ReadAsync(world, "main");

        Assert.Equal(["backup", "staging", "endpoints", "error-log", "indexes", "rollback"], checklist.Lines.Select(l => l.Id));
        Assert.All(checklist.Lines, line => Assert.Equal((ChecklistLineState.Open, null), (line.State, line.Note)));
        Assert.Null(await world.Get<DeploymentChecklists>().ReadAsync(OperationsWorld.Admin with { Role = Data.Accounts.AccountRole.User }, "main", null, Token));
        Assert.Null(await world.Get<DeploymentChecklists>().ReadAsync(OperationsWorld.Admin, "nowhere", null, Token));
    }

    [Fact]
    public async Task Read_ReleaseThatWasTriedBothWaysOnStaging_IsProvenLineByLine()
    {
        await using var world = await BeforeTheLastAsync();
        await DeployedAsync(world, "staging");
        await BackedUpAsync(world, proven: false);
        await DeployedAsync(world, "main");

        Assert.Equal(ChecklistLineState.Open, (await LineAsync(world, "rollback")).State);
        await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", Previous(world), false, acceptsLosses: true, "tried out", Token));
        var rollback = await LineAsync(world, "rollback");
        Assert.Equal(ChecklistLineState.Proven, rollback.State);
        Assert.StartsWith("/runs/", rollback.Link!.Address, StringComparison.Ordinal);

        Assert.Contains("not yet proven by a restore", (await LineAsync(world, "backup")).Found, StringComparison.Ordinal);
        await using (var db = await PortalAsync(world))
            await db.Backups.ExecuteUpdateAsync(set => set.SetProperty(b => b.RestoredAt, TimeProvider.System.GetUtcNow()), Token);
        foreach (var id in new[] { "backup", "staging", "error-log", "indexes" })
            Assert.True((await LineAsync(world, id)).State == ChecklistLineState.Proven, $"{id}: {(await LineAsync(world, id)).Found}");
    }

    [Fact]
    public async Task Read_OlderBackupWasProvenAndTheReleasesOwnNot_StaysOpen()
    {
        await using var world = await BeforeTheLastAsync();
        await DeployedAsync(world, "staging");
        await BackedUpAsync(world, proven: true, "before-lunch.dump");
        await BackedUpAsync(world, proven: false, "own.dump");
        await DeployedAsync(world, "main");

        var line = await LineAsync(world, "backup");

        Assert.Equal(ChecklistLineState.Open, line.State);
        Assert.StartsWith("own.dump", line.Found, StringComparison.Ordinal);
    }

    /// <summary>No portal listens in this test: that nobody answered proves nothing, and an admin may write down why it is taken as done.</summary>
    [Fact]
    public async Task Tick_LineWithoutEvidence_StandsWithItsReasonUntilItIsTakenBack()
    {
        await using var world = await BeforeTheLastAsync();
        await DeployedAsync(world, "staging");
        await DeployedAsync(world, "main");
        var checklists = world.Get<DeploymentChecklists>();
        var release = (await ReadAsync(world, "main")).Release;
        Assert.Equal(ChecklistLineState.Open, (await LineAsync(world, "endpoints")).State);

        Assert.IsType<ChecklistOutcome.NotAllowed>(await checklists.TickAsync(OperationsWorld.Support, "main", release, "endpoints", "called by hand", Token));
        Assert.IsType<ChecklistOutcome.Refused>(await checklists.TickAsync(OperationsWorld.Admin, "main", release, "endpoints", " ", Token));
        Assert.IsType<ChecklistOutcome.NotFound>(await checklists.TickAsync(OperationsWorld.Admin, "main", release, "coffee", "made", Token));
        Assert.IsType<ChecklistOutcome.Refused>(await checklists.TickAsync(OperationsWorld.Admin, "main", release, "indexes", "why not", Token)); // proven
        Assert.IsType<ChecklistOutcome.Done>(await checklists.TickAsync(OperationsWorld.Admin, "main", release, "endpoints", "called by hand", Token));
        Assert.IsType<ChecklistOutcome.Refused>(await checklists.TickAsync(OperationsWorld.Admin, "main", release, "endpoints", "me too", Token));

        var line = await LineAsync(world, "endpoints");
        Assert.Equal((ChecklistLineState.ByHand, "called by hand", "Portal admin"), (line.State, line.Note!.Reason, line.Note.ActorName));
        Assert.IsType<ChecklistOutcome.NotAllowed>(await checklists.TakeBackAsync(OperationsWorld.Support, "main", release, "endpoints", Token));
        Assert.IsType<ChecklistOutcome.Done>(await checklists.TakeBackAsync(OperationsWorld.Admin, "main", release, "endpoints", Token));
        Assert.Equal(ChecklistLineState.Open, (await LineAsync(world, "endpoints")).State);
        await using var db = await PortalAsync(world);
        Assert.Equal(["checklist.ticked", "checklist.tick-taken-back"], await db.AuditEvents.Where(e => e.Action.StartsWith("checklist.")).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync(Token));
    }

    /// <summary>What staging did after the deployment began is no rehearsal of it, and what ran there may since be taken back on main.</summary>
    [Fact]
    public async Task Read_RolledBackOnTheTarget_SaysSoAndIsNotInPlace()
    {
        await using var world = await BeforeTheLastAsync();
        await DeployedAsync(world, "staging");
        await DeployedAsync(world, "main");
        await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "main", Previous(world), false, acceptsLosses: true, "tried out", Token));

        var checklist = await ReadAsync(world, "main");

        Assert.NotNull(checklist.RolledBackAt);
        Assert.Equal(ChecklistLineState.Proven, checklist.Lines.Single(l => l.Id == "staging").State);
    }

    [Fact]
    public async Task Report_OfADeployment_HasItsApprovalMigrationsStepsAndVerification()
    {
        await using var world = await BeforeTheLastAsync();
        await DeployedAsync(world, "staging");
        await DeployedAsync(world, "main");

        var report = (await world.Get<DeploymentReports>().ReadAsync(OperationsWorld.Support, "main", null, Token))!;

        Assert.Equal("Portal admin", report.Approval!.ActorName);
        Assert.All(report.Migrations, m => Assert.True(m.Last is { Succeeded: true }, m.Name));
        Assert.Contains(report.Steps, s => s.Title == "Verify the database");
        Assert.True(report.Verification!.Passed);
        Assert.Null(report.Backup);
        Assert.Null(await world.Get<DeploymentReports>().ReadAsync(OperationsWorld.Admin with { Role = Data.Accounts.AccountRole.User }, "main", null, Token));
    }

    /// <summary>Both targets lack the newest migration alone.</summary>
    private async Task<OperationsWorld> BeforeTheLastAsync()
    {
        var world = await OperationsWorld.CreateAsync(cluster);
        foreach (var target in new[] { world.Staging, world.Main })
        {
            await Contexts.MigrateAsync(Contexts.Device, target.OwnerConnectionString, Previous(world));
            await using var owner = new NpgsqlConnection(Contexts.Unpooled(target.OwnerConnectionString));
            await owner.OpenAsync(Token);
            await MigrationSteps.RecordAsync(owner, world.Get<MigrationScripts>(), world.Get<MigrationScripts>().All.SkipLast(1).Select(m => m.Id), Token); // the portal made them
        }

        return world;
    }

    private static string Previous(OperationsWorld world) => world.Get<MigrationScripts>().All[^2].Id;

    private static async Task DeployedAsync(OperationsWorld world, string target)
    {
        var run = await world.DeployAsync(target);
        Assert.Equal((RunState.Done, null), (run.State, run.Error));
    }

    private static async Task BackedUpAsync(OperationsWorld world, bool proven, string file = "main.dump")
    {
        await using var db = await PortalAsync(world);
        var now = TimeProvider.System.GetUtcNow();
        db.Backups.Add(new Backup
        {
            Id = Ids.New(),
            Target = "main",
            Identity = (await world.StatusAsync("main")).Identity.Key,
            RunId = "r",
            FileName = file,
            State = BackupState.Complete,
            StartedAt = now.AddMinutes(-1),
            FinishedAt = now,
            Sha256 = new string('a', 64),
            ServerVersion = "15",
            RestoredAt = proven ? now : null,
        });
        await db.SaveChangesAsync(Token);
    }

    private static async Task<PortalDbContext> PortalAsync(OperationsWorld world) => await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);

    private static async Task<DeploymentChecklist> ReadAsync(OperationsWorld world, string target) =>
        (await world.Get<DeploymentChecklists>().ReadAsync(OperationsWorld.Support, target, null, Token))!;

    private static async Task<ChecklistLine> LineAsync(OperationsWorld world, string id) => (await ReadAsync(world, "main")).Lines.Single(l => l.Id == id);
}
