using AdminPortal.Core.Backups;
using AdminPortal.Core.Deployments;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Deployments;

/// <summary>A release goes from staging to main by what each lane says is next, and by nothing else.</summary>
public sealed class ReleaseLanesTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Release_ByTheNextActOfEachLane_GoesFromStagingToMain()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        var previous = world.Get<MigrationScripts>().All[^2].Id;
        foreach (var target in new[] { "main", "staging" })
            Assert.Equal(RunState.Done, (await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, target, previous, false, acceptsLosses: true, "to begin with", Token))).State);

        Assert.Equal((ReleaseAct.Wait, "staging comes first."), ((await LaneAsync(world, "main")).Next.Act, (await LaneAsync(world, "main")).Next.Words));
        Assert.Equal([ReleaseAct.BackUp, ReleaseAct.Approve, ReleaseAct.Apply], await WalkAsync(world, "staging"));
        Assert.Equal([ReleaseAct.BackUp, ReleaseAct.Approve, ReleaseAct.Apply], await WalkAsync(world, "main"));

        var lane = await LaneAsync(world, "main");
        Assert.True(lane.IsDone);
        Assert.All(lane.Steps, step => Assert.True(step.IsDone, step.Id));
        Assert.DoesNotContain(lane.Steps, step => step.Id == ReleaseStep.WayBack); // that is tried on staging
        Assert.Contains(await world.Get<ReleaseLanes>().ReadAsync(OperationsWorld.Support, Token), l => l.Steps.Any(s => s.Id == ReleaseStep.WayBack));
        Assert.Empty(await world.Get<ReleaseLanes>().ReadAsync(OperationsWorld.Admin with { Role = Data.Accounts.AccountRole.User }, Token));
    }

    /// <summary>Does what is next until nothing is; the acts that it took.</summary>
    private static async Task<List<ReleaseAct>> WalkAsync(OperationsWorld world, string target)
    {
        List<ReleaseAct> acts = [];
        for (var lane = await LaneAsync(world, target); lane.Next.Act != ReleaseAct.None; lane = await LaneAsync(world, target))
        {
            Assert.True(acts.Count < 8, $"{string.Join(", ", acts)}; next: {lane.Next}");
            acts.Add(lane.Next.Act);
            switch (lane.Next.Act)
            {
                case ReleaseAct.BackUp:
                    var taken = Assert.IsType<BackupOutcome.Started>(await world.Get<BackupActs>().TakeAndProveAsync(OperationsWorld.Admin, target, null, Token)).RunId;
                    await world.Get<RunHere>().WorkAsync(taken, Token);
                    Assert.Null((await world.Get<OperationRuns>().FindAsync(OperationsWorld.Admin, taken, Token))!.Error);
                    break;
                case ReleaseAct.Approve:
                    await world.Get<MigrationApprovals>().ApproveAsync(OperationsWorld.Admin, target, lane.Preview!.ApprovalHash, null, Token);
                    break;
                case ReleaseAct.Apply:
                    Assert.True(lane.IsBackedUp);
                    await world.EndOfAsync(await world.Migrations.DeployAsync(OperationsWorld.Admin, target, lane.Preview!.ApprovalHash, withBackup: false, "proven", Token));
                    break;
                default:
                    Assert.Fail($"{lane.Next}");
                    break;
            }
        }

        return acts;
    }

    private static async Task<ReleaseLane> LaneAsync(OperationsWorld world, string target) =>
        (await world.Get<ReleaseLanes>().ReadAsync(OperationsWorld.Support, Token)).Single(lane => lane.Target.Name == target);
}
