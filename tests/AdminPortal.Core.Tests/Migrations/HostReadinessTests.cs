using AdminPortal.Core.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Hosts on which nothing can be changed say so, with the remedy, before anything is tried; and what is rewritten was backed up.</summary>
public sealed class HostReadinessTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ALTER ROLE portal_owner IN DATABASE {0} SET default_transaction_read_only = on", "default_transaction_read_only")]
    [InlineData("REVOKE CREATE ON DATABASE {0} FROM portal_owner; ALTER DATABASE {0} OWNER TO postgres; GRANT CONNECT, TEMPORARY ON DATABASE {0} TO portal_owner", "GRANT CREATE ON DATABASE")]
    [InlineData("CREATE FUNCTION public.no_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ask the database team'; END $$; CREATE EVENT TRIGGER no_ddl ON ddl_command_start EXECUTE FUNCTION public.no_ddl()", "(no_ddl) refuses changes of the schema: ask the database team")]
    public async Task Acts_NothingCanBeChanged_AreRefusedWithTheRemedyBeforeAnythingIsTried(string barrier, string words)
    {
        await using var world = await GuideHost.CreateAsync(cluster);
        await SuperuserAsync(world, string.Format(System.Globalization.CultureInfo.InvariantCulture, barrier, world.Staging.Name));

        Assert.Contains(words, Reasons(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token)), StringComparison.Ordinal);
        Assert.Contains(words, Reasons(await world.StartDeployAsync("staging")), StringComparison.Ordinal);
        Assert.Contains(words, Reasons(await ResolveAsync(world)), StringComparison.Ordinal);
        Assert.Equal(0L, await world.ScalarAsync("SELECT count(*) FROM pg_namespace WHERE nspname = 'portal'"));
    }

    /// <summary>A lock of a session would stay with the pooler's.</summary>
    [Fact]
    public async Task Acts_ThroughAPooler_AreRefusedAndLeaveNoLock()
    {
        await using var first = await cluster.CreateEmptyDatabaseAsync(Token);
        await using var pooler = new PoolerInBetween(new NpgsqlConnectionStringBuilder(first.OwnerConnectionString).Port);
        await using var world = await GuideHost.CreateAsync(cluster, owner: pooler.Through);

        foreach (var reasons in new[]
        {
            Reasons(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token)), Reasons(await world.StartDeployAsync("staging")), Reasons(await ResolveAsync(world)),
        })
            Assert.Contains("goes around the pooler", reasons, StringComparison.Ordinal);

        Assert.Equal(0L, await world.ScalarAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    /// <summary>As a pooler leaves it after a program that has gone.</summary>
    [Fact]
    public async Task Deploy_LockIsLeftOnASessionThatDoesNothing_NamesItAndHowToEndIt()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await using var left = await world.OpenAsync("pgbouncer");
        await TargetHistory.ExecuteAsync(left, $"SELECT pg_advisory_lock({Core.Targets.OwnerMigration.LockKey})", Token);
        var started = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));
        var work = world.Get<Core.Runs.RunHere>().WorkAsync(started.RunId, Token);

        await world.UntilAsync(started.RunId, journal => journal.Steps.Any(s => s.Detail?.Contains($"end it with SELECT pg_terminate_backend({left.ProcessID})", StringComparison.Ordinal) == true));
        await left.CloseAsync();
        await work;
    }

    [Fact]
    public async Task RollBack_ThroughAPooler_IsRefused()
    {
        await using var first = await cluster.CreateEmptyDatabaseAsync(Token);
        await using var pooler = new PoolerInBetween(new NpgsqlConnectionStringBuilder(first.OwnerConnectionString).Port);
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true, owner: pooler.Through);

        var outcome = await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", "", withBackup: false, acceptsLosses: true, "why", Token);

        Assert.Contains("goes around the pooler", Reasons(outcome), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALTER TABLE public.tasks ENABLE ROW LEVEL SECURITY", "public.tasks from the role portal_runtime")]
    [InlineData("ALTER TABLE public.users ENABLE ROW LEVEL SECURITY; ALTER TABLE public.users FORCE ROW LEVEL SECURITY", "public.users from the role portal_owner")]
    [InlineData("ALTER TABLE public.tasks ADD tenant text NOT NULL DEFAULT 'one'; ALTER TABLE public.tasks ALTER tenant DROP DEFAULT", "public.tasks.tenant")]
    public async Task Deploy_SomethingOfTheHostsWouldStopTheWorkLater_IsRefusedWithTheRemedy(string more, string words)
    {
        await using var world = await GuideHost.CreateAsync(cluster, more);
        await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));

        Assert.Contains(words, Reasons(await world.StartDeployAsync("staging")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_PolicyLetsThePortalThrough_IsNotStopped()
    {
        await using var world = await GuideHost.CreateAsync(
            cluster, "ALTER TABLE public.users ENABLE ROW LEVEL SECURITY; CREATE POLICY portal ON public.users TO portal_runtime USING (true) WITH CHECK (true)");
        await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));

        Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Adopt_RawSessionTokens_AreBackedUpBeforeTheyAreRewritten(bool withBackup, int backups)
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await DataLayer.Contexts.MigrateAsync(DataLayer.Contexts.Device, world.Staging.OwnerConnectionString, "add_device_pairing_models");
        await world.ExecuteAsync("""DROP TABLE portal."__EFMigrationsHistory" """);
        await world.ExecuteAsync("""INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now())""");
        await world.ExecuteAsync("""INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt") VALUES ('p', 'u', 'd', 'TABLET', 'raw', now(), now())""");
        Assert.Contains("needs a reason", Reasons(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: false, null, Token)), StringComparison.Ordinal);

        var run = await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup, "taken over", Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal(0L, await world.ScalarAsync("""SELECT count(*) FROM public.device_pairings WHERE "sessionToken" = 'raw'"""));
        await using var db = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal(backups, await db.Backups.CountAsync(Token));
    }

    [Fact]
    public async Task Deploy_AgainAfterARollBack_NeedsAnApprovalOfItsOwn()
    {
        await using var world = await GuideHost.CreateAsync(cluster);
        await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        var baseline = world.Get<MigrationScripts>().FindByName("baseline")!.Id;
        await world.DeployAsync("staging");
        await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", baseline, withBackup: false, acceptsLosses: true, "why", Token));

        var (preview, _) = await world.Previews.ReadAsync("staging", Token);

        Assert.Null(preview!.Approval);
        Assert.Contains("Nobody approved", Reasons(await world.Migrations.DeployAsync(OperationsWorld.Admin, "staging", preview.ApprovalHash, false, "why", Token)), StringComparison.Ordinal);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
    }

    private static string Reasons(MigrationOutcome outcome) => string.Join('\n', Assert.IsType<MigrationOutcome.Refused>(outcome).Reasons);

    private static Task<MigrationOutcome> ResolveAsync(OperationsWorld world) => world.Get<MigrationResolution>().ResolveAsync(
        OperationsWorld.Admin, "staging", world.Get<MigrationScripts>().FindByName("baseline")!.Id, "why", Token);

    private static async Task SuperuserAsync(OperationsWorld world, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(world.Staging.SuperuserConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await TargetHistory.ExecuteAsync(connection, sql, Token);
    }
}
