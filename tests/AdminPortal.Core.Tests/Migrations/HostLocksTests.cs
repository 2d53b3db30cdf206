using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.Verification;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Other people's tables and transactions beside a deployment: named where they stand in its way, left alone where they do not.</summary>
public sealed class HostLocksTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploy_TableOfAnotherOwnerThatNothingTouches_GoesAhead()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await SuperuserAsync(world, "CREATE TABLE public.spatial_ref_sys (srid int)");

        var run = await world.DeployAsync("staging");

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
    }

    [Fact]
    public async Task Preview_TableOfAnotherOwnerThatAMigrationChanges_IsStopped()
    {
        await using var world = await AdoptedAsync();
        await SuperuserAsync(world, "ALTER TABLE public.tasks OWNER TO postgres; GRANT ALL ON public.tasks TO portal_owner");

        var preview = (await world.Previews.ReadAsync("staging", Token)).Preview!;

        Assert.Contains("The owner's role may change the schema: it may not: change tasks", preview.Obstacles);
    }

    [Fact]
    public async Task Preview_PreparedTransactionOnATable_StopsItAndSaysHowToEndIt()
    {
        await using var world = await AdoptedAsync();
        var gid = $"nightly {world.Staging.Name}";
        await using var connection = await world.OpenAsync();
        await TargetHistory.ExecuteAsync(connection, $"BEGIN; UPDATE public.users SET name = name; PREPARE TRANSACTION '{gid}'", Token);
        try
        {
            var preview = (await world.Previews.ReadAsync("staging", Token)).Preview!;

            var obstacle = Assert.Single(preview.Obstacles);
            Assert.Contains($"the prepared transaction '{gid}' of portal_owner, since", obstacle, StringComparison.Ordinal);
            Assert.Contains($"ROLLBACK PREPARED '{gid}'", obstacle, StringComparison.Ordinal);
        }
        finally
        {
            await TargetHistory.ExecuteAsync(connection, $"ROLLBACK PREPARED '{gid}'", Token);
        }
    }

    [Fact]
    public async Task Deploy_SessionThatKeepsATableInATransaction_IsNamedWhileItWaits()
    {
        await using var world = await AdoptedAsync();
        await using var holder = await world.OpenAsync("Nightly report");
        await TargetHistory.ExecuteAsync(holder, "BEGIN; SELECT count(*) AS people FROM public.users", Token);
        var started = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));
        var work = world.Get<Core.Runs.RunHere>().WorkAsync(started.RunId, Token);

        await world.UntilAsync(started.RunId, journal => journal.Steps.Any(step =>
            step.Detail?.Contains("Nightly report (portal_owner, process", StringComparison.Ordinal) == true
            && step.Detail.Contains("idle in transaction since", StringComparison.Ordinal) && step.Detail.Contains("“SELECT count(*) AS people", StringComparison.Ordinal)
            && step.Detail.Contains("SELECT pg_terminate_backend(", StringComparison.Ordinal)));

        await TargetHistory.ExecuteAsync(holder, "COMMIT", Token);
        await work;
        Assert.Equal(RunState.Done, (await world.Get<Core.Runs.OperationRuns>().FindAsync(OperationsWorld.Admin, started.RunId, Token))!.State);
    }

    private async Task<OperationsWorld> AdoptedAsync()
    {
        var world = await OperationsWorld.CreateAsync(cluster);
        await world.ExecuteAsync(GuidesSql.Host);
        Assert.Equal(RunState.Done, (await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: false, "a test", Token))).State);
        return world;
    }

    private static async Task SuperuserAsync(OperationsWorld world, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(world.Staging.SuperuserConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await TargetHistory.ExecuteAsync(connection, sql, Token);
    }
}
