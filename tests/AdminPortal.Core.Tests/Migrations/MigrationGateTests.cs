using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data.Migrations;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>When the next stage may follow.</summary>
public sealed class MigrationGateTests(PostgresCluster cluster)
{
    private const string Index = """CREATE INDEX "users_createdAt_idx" ON public.users ("createdAt")""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Both stages have an index of the host's that a migration would make.</summary>
    [Fact]
    public async Task Read_DeploymentLeftWhatTheHostHas_TheNextStageMayFollow()
    {
        await using var world = await GuideHost.CreateAsync(cluster, Index);
        await using (var connection = new NpgsqlConnection(Contexts.Unpooled(world.Main.OwnerConnectionString)))
        {
            await connection.OpenAsync(Token);
            await TargetHistory.ExecuteAsync(connection, GuideHost.Schema + Index, Token);
        }

        foreach (var target in new[] { "staging", "main" })
            Assert.Equal(RunState.Done, (await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, target, withBackup: false, "a test", Token))).State);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
        Assert.Contains((await world.StatusAsync("staging")).Migrations, m => m.Last is { Act: MigrationAct.Adopted } && m.Name == "add_user_list_joined");

        var run = await world.DeployAsync("main");

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
    }

    /// <summary>Nobody saw run what an adoption recorded.</summary>
    [Fact]
    public async Task Read_AdoptionRecordedIt_DoesNotCount()
    {
        await using var world = await GuideHost.CreateAsync(cluster);
        Assert.Equal(RunState.Done, (await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: false, "a test", Token))).State);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);

        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("main"));

        Assert.Contains("“baseline” is on “staging”, but this SQL was not seen to run there", string.Join('\n', refused.Reasons), StringComparison.Ordinal);
    }
}
