using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Migrations;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>What is the host's stays the host's, whatever is adopted, resolved, deployed and rolled back.</summary>
public sealed class HostSafetyTests(PostgresCluster cluster)
{
    /// <summary>The rights of the portal's role.</summary>
    private const string Grants = "TO portal_runtime";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("baseline", """CREATE TABLE public.users (id text PRIMARY KEY, email text, "passwordHash" text); CREATE TABLE public.tasks (id text PRIMARY KEY, title text, payload jsonb)""")]
    [InlineData("baseline", """CREATE TABLE public.users (id text PRIMARY KEY, email text); CREATE TABLE public.tasks (id text PRIMARY KEY); CREATE TABLE public.accounts ("userId" text REFERENCES public.users)""")]
    [InlineData("add_mobile_sync_support", """CREATE TABLE public.devices (id text PRIMARY KEY, "userId" text NOT NULL)""")]
    public async Task CleanUp_TablesOfTheHost_AreLeftAlone(string migration, string tables)
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await world.ExecuteAsync(tables);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);
        var id = world.Get<MigrationScripts>().FindByName(migration)!.Id;

        var adopted = await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token);
        if (adopted is MigrationOutcome.Started)
            Assert.DoesNotContain("Resolve it", (await world.EndOfAsync(adopted)).Error, StringComparison.Ordinal);
        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.Get<MigrationResolution>().CleanUpAsync(OperationsWorld.Admin, "staging", id, "why", Token));

        Assert.Contains("did not begin", refused.Reasons[0], StringComparison.Ordinal);
        Assert.Empty(Assert.IsType<ComparisonOutcome.Compared>(await world.Get<MigrationResolution>().CompareAsync(OperationsWorld.Admin, "staging", Token)).Migrations.SelectMany(m => m.CleanUp));
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString));
    }

    [Fact]
    public async Task RollBack_ToNothingAfterAdoption_TakesBackWhatThePortalMadeAndNothingElse()
    {
        await using var world = await GuideHost.CreateAsync(cluster);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        Assert.Equal((RunState.Done, null), Ended(await world.DeployAsync("staging")));
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), Grants, "CREATE TABLE public.users", "CREATE TABLE public.tasks", "CREATE TABLE public.focus_sessions", "devices", "device_p", "DeviceType", "PermissionScope", "clientId", "lastSyncedAt", "_idx", "sync_");

        await DoneAsync(world, await RollBackAsync(world, ""));

        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), Grants);
        var status = await world.StatusAsync("staging");
        Assert.True(status.NeedsAdoption);
        Assert.Equal(MigrationAct.Unrecorded, status.Migrations.Single(m => m.Name == "baseline").Last!.Act);
    }

    [Fact]
    public async Task RollBack_WithLosses_IsRefusedUntilTheyAreAccepted()
    {
        await using var world = await GuideHost.CreateAsync(cluster);
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        await world.DeployAsync("staging");
        await world.ExecuteAsync("""UPDATE public.tasks SET "clientId" = id WHERE id IN ('t1', 't2')""");

        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", "", false, acceptsLosses: false, "why", Token));

        Assert.Contains("2 values of public.tasks.clientId", string.Join('\n', refused.Reasons), StringComparison.Ordinal);
        Assert.DoesNotContain("public.users", string.Join('\n', refused.Reasons), StringComparison.Ordinal);
        await DoneAsync(world, await RollBackAsync(world, ""));
    }

    /// <summary>An index of the host's is one of a late migration's, and nothing that it stands on is there.</summary>
    [Fact]
    public async Task Adopt_IndexOfALateMigrationIsThere_IsAdoptedAndEveryRowGetsItsVersion()
    {
        await using var world = await GuideHost.CreateAsync(cluster, """CREATE INDEX "focus_sessions_taskId_idx" ON public.focus_sessions ("taskId")""");
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        foreach (var name in new[] { "add_sync_protocol_sessions_by_task", "add_sync_protocol_backfill" })
        {
            var outcome = await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Admin, "staging", world.Get<MigrationScripts>().FindByName(name)!.Id, "why", Token);
            Assert.DoesNotContain("All of it is there", Assert.IsType<MigrationOutcome.Nothing>(outcome).Message, StringComparison.Ordinal);
        }

        Assert.Equal((RunState.Done, null), Ended(await world.DeployAsync("staging")));

        await world.ExecuteAsync("SELECT sync.stamp(id) FROM public.users");
        Assert.Equal(2100L, await world.ScalarAsync("SELECT count(*) FROM sync.changes"));
    }

    [Theory]
    [InlineData("CREATE TABLE public.\"User\" (id uuid PRIMARY KEY, email varchar NOT NULL, \"firstName\" text)", "public.\"User\" (id uuid, email character varying")]
    [InlineData("CREATE SCHEMA crm; CREATE TABLE crm.app_users (user_id bigint PRIMARY KEY, email_address text)", "crm.app_users")]
    public async Task Deploy_PeopleInAnotherTable_NeverMakesASecondOne(string table, string named)
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await world.ExecuteAsync(table);

        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("staging"));

        Assert.Contains(named, string.Join('\n', refused.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""CREATE INDEX "users_createdAt_idx" ON public.users ("createdAt" DESC, email)""", "users_createdAt_idx")]
    [InlineData("""CREATE UNIQUE INDEX "tasks_clientId_key" ON public.invoices (id, amount)""", "tasks_clientId_key")]
    [InlineData("""CREATE TYPE public."DeviceType" AS ENUM ('PHONE')""", "DeviceType")]
    [InlineData("CREATE SCHEMA sync; CREATE TABLE sync.jobs (id integer)", "schema sync")]
    [InlineData("ALTER TABLE public.tasks ADD \"clientId\" uuid", "public.tasks.clientId")]
    [InlineData("CREATE VIEW public.devices AS SELECT 1 AS id", "public.devices")]
    public async Task Deploy_AnotherThingUnderAWantedName_IsRefusedAndNamed(string more, string name)
    {
        await using var world = await GuideHost.CreateAsync(cluster, more);
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);

        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("staging"));

        Assert.Contains(name, string.Join('\n', refused.Reasons), StringComparison.Ordinal);
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString));
    }

    [Theory]
    [InlineData("""CREATE INDEX "users_createdAt_idx" ON public.users ("createdAt")""")]
    [InlineData("""CREATE TYPE public."DeviceType" AS ENUM ('DESKTOP', 'MOBILE_IOS', 'MOBILE_ANDROID', 'TABLET')""")]
    [InlineData("CREATE EXTENSION pg_trgm SCHEMA public")]
    public async Task RollBack_AnEqualThingOfTheHosts_IsUsedAndSurvives(string more)
    {
        await using var world = await GuideHost.CreateAsync(cluster, more);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        Assert.Equal((RunState.Done, null), Ended(await world.DeployAsync("staging")));

        await DoneAsync(world, await RollBackAsync(world, ""));

        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), Grants);
    }

    /// <summary>The name of an object without its schema depends on the search path of the database, and on none of the portal's.</summary>
    [Fact]
    public async Task Adopt_SearchPathOfTheDatabaseIsAnother_GoesThroughTheWholeJourney()
    {
        await using var world = await GuideHost.CreateAsync(cluster, "CREATE SCHEMA app");
        await world.ExecuteAsync($"ALTER DATABASE {world.Staging.Name} SET search_path = app");
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        Assert.Equal((RunState.Done, null), Ended(await world.DeployAsync("staging")));
        Assert.All(
            Assert.IsType<ComparisonOutcome.Compared>(await world.Get<MigrationResolution>().CompareAsync(OperationsWorld.Admin, "staging", Token)).Migrations,
            m => Assert.True(m.Agrees, m.Name));

        await DoneAsync(world, await RollBackAsync(world, ""));

        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), Grants);
    }

    [Theory]
    [InlineData("""CREATE VIEW public.synced AS SELECT "clientId" FROM public.tasks""", "synced")]
    [InlineData("ALTER TABLE public.device_pairings ADD nickname text", "nickname")]
    [InlineData("CREATE INDEX ours ON public.devices (platform, id)", "ours")]
    [InlineData("""CREATE TABLE public.labels ("pairingId" text REFERENCES public.device_pairings (id))""", "labels")]
    [InlineData("""CREATE TABLE public.kinds (kind public."DeviceType")""", "kinds")]
    [InlineData("""DROP INDEX public."users_createdAt_idx"; CREATE INDEX "users_createdAt_idx" ON public.users ("createdAt", email)""", "users_createdAt_idx")]
    [InlineData("CREATE TABLE sync.theirs (id integer)", "sync.theirs")]
    public async Task RollBack_SomethingOfTheHostsStandsOnIt_IsRefusedBeforeTheFirstChangeAndNamed(string more, string name)
    {
        await using var world = await GuideHost.CreateAsync(cluster);
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        await world.DeployAsync("staging");
        await world.ExecuteAsync(more);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);

        var refused = Assert.IsType<MigrationOutcome.Refused>(await RollBackAsync(world, ""));

        Assert.Contains(name, string.Join('\n', refused.Reasons), StringComparison.Ordinal);
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString));
    }

    /// <summary>It failed in the middle of its way: nothing of it was done.</summary>
    [Fact]
    public async Task RollBack_RefusedByTheServerHalfWay_IsUndoneAsAWhole()
    {
        await using var world = await GuideHost.CreateAsync(cluster);
        await DoneAsync(world, await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));
        await world.DeployAsync("staging");
        var started = await RollBackAsync(world, "");
        await world.ExecuteAsync("""CREATE VIEW public.synced AS SELECT "clientId" FROM public.tasks""");
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);

        var run = await world.EndOfAsync(started);

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("synced", run.Error, StringComparison.Ordinal);
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString));
        Assert.Empty((await world.StatusAsync("staging")).Pending);
    }

    private static Task<MigrationOutcome> RollBackAsync(OperationsWorld world, string to) =>
        world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", to, withBackup: false, acceptsLosses: true, "why", Token);

    private static async Task DoneAsync(OperationsWorld world, MigrationOutcome outcome)
    {
        Assert.True(outcome is MigrationOutcome.Started, outcome is MigrationOutcome.Refused refused ? string.Join(' ', refused.Reasons) : outcome.ToString());
        Assert.Equal((RunState.Done, null), Ended(await world.EndOfAsync(outcome)));
    }

    private static (RunState State, string? Error) Ended(RunRow run) => (run.State, run.Error);
}
