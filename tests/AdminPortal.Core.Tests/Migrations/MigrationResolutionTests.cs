using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Histories and catalogues that do not agree, made by hand, by Prisma or by an end in the middle.</summary>
public sealed class MigrationResolutionTests(PostgresCluster cluster)
{
    private const string ClientIdIndex = """CREATE UNIQUE INDEX "tasks_clientId_key" ON public.tasks ("clientId")""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resolve_ThereWithoutALineInTheHistory_IsMarkedAsApplied()
    {
        await using var world = await AtAsync("add_mobile_sync_support");
        await world.ExecuteAsync(ClientIdIndex);

        Assert.IsType<MigrationOutcome.Nothing>(await ResolveAsync(world));

        var row = await RowAsync(world);
        Assert.Equal((MigrationState.Applied, Data.Migrations.MigrationAct.ResolvedApplied), (row.State, row.Last!.Act));
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
    }

    [Fact]
    public async Task Resolve_LineWithoutTheThing_IsMarkedAsNotApplied()
    {
        await using var world = await AtAsync("add_mobile_sync_support_tasks_client_id");
        await world.ExecuteAsync("""DROP INDEX public."tasks_clientId_key" """);

        Assert.IsType<MigrationOutcome.Nothing>(await ResolveAsync(world));

        Assert.True((await RowAsync(world)).IsPending);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
    }

    [Fact]
    public async Task Resolve_InvalidIndexLeftBehind_IsRefusedAndCleanedUp()
    {
        await using var world = await AtAsync("add_mobile_sync_support");
        await world.ExecuteAsync(ClientIdIndex);
        await world.InvalidateAsync("tasks_clientId_key");

        var refused = Assert.IsType<MigrationOutcome.Refused>(await ResolveAsync(world));
        Assert.Contains("""DROP INDEX CONCURRENTLY IF EXISTS "public"."tasks_clientId_key";""", refused.Reasons[1], StringComparison.Ordinal);
        Assert.IsType<MigrationOutcome.Nothing>(await world.Get<MigrationResolution>().CleanUpAsync(OperationsWorld.Admin, "staging", await IdAsync(world), "cleaned", Token));

        Assert.Equal(MigrationTrace.Before, (await world.Get<MigrationResolution>().LookAsync("staging", await IdAsync(world), Token)).Proof.Trace);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
    }

    [Fact]
    public async Task CleanUp_PartsThatHoldRows_IsRefused()
    {
        await using var world = await AtAsync("baseline");
        await world.ExecuteAsync("""ALTER TABLE public.tasks ADD "clientId" text""");
        await world.ExecuteAsync("""INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now())""");
        await world.ExecuteAsync("""INSERT INTO public.tasks (id, "userId", title, "updatedAt", "clientId") VALUES ('t', 'u', 'x', now(), 'c')""");
        var id = world.Get<MigrationScripts>().FindByName("add_mobile_sync_support")!.Id;

        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.Get<MigrationResolution>().CleanUpAsync(OperationsWorld.Admin, "staging", id, "why", Token));

        Assert.Contains("public.tasks.clientId has values", refused.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_BySupport_IsNotAllowed()
    {
        await using var world = await AtAsync("baseline");

        Assert.IsType<MigrationOutcome.NotAllowed>(await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Support, "staging", await IdAsync(world), "why", Token));
    }

    /// <summary>A database that another program made: the same tables, and no history of EF.</summary>
    [Fact]
    public async Task Adopt_MadeByAnotherProgram_RecordsWhatIsThereAndHashesTokens()
    {
        await using var world = await AtAsync("add_mobile_sync_support_users_last_synced_at");
        await world.ExecuteAsync("""DROP TABLE portal."__EFMigrationsHistory" """);
        await world.ExecuteAsync("""INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now())""");
        await world.ExecuteAsync(
            """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
            SELECT 'p' || i, 'u', 'd' || i, 'TABLET', 'raw-' || i, now(), now() FROM generate_series(1, 2500) i
            """);
        Assert.True((await world.StatusAsync("staging")).NeedsAdoption);
        Assert.Contains("Adopt the database first", Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("staging")).Reasons[0], StringComparison.Ordinal);

        var run = await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", "taken over", Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal("add_mobile_sync_support_users_last_synced_at", MigrationScript.NameOf((await world.StatusAsync("staging")).MigratedTo!));
        Assert.Equal(0L, await world.ScalarAsync("""SELECT count(*) FROM public.device_pairings WHERE "sessionToken" LIKE 'raw%'"""));
        Assert.Equal("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("raw-7"u8)), await world.ScalarAsync("""SELECT "sessionToken" FROM public.device_pairings WHERE id = 'p7'"""));
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
        Assert.Contains(
            "was not seen to run there", string.Join(' ', Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("main")).Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adopt_HalfMade_RecordsNothing()
    {
        await using var world = await AtAsync("add_device_pairing_models");
        await world.ExecuteAsync("""DROP TABLE portal."__EFMigrationsHistory" """);
        await world.ExecuteAsync("""DROP INDEX public."device_pairings_isActive_idx" """);

        var run = await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", null, Token));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("device_pairings_isActive_idx", run.Error, StringComparison.Ordinal);
        Assert.True((await world.StatusAsync("staging")).NeedsAdoption);
    }

    private async Task<OperationsWorld> AtAsync(string migration)
    {
        var world = await OperationsWorld.CreateAsync(cluster);
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, migration);
        return world;
    }

    private static Task<string> IdAsync(OperationsWorld world) => Task.FromResult(world.Get<MigrationScripts>().FindByName("add_mobile_sync_support_tasks_client_id")!.Id);

    private static async Task<MigrationOutcome> ResolveAsync(OperationsWorld world) =>
        await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Admin, "staging", await IdAsync(world), "checked", Token);

    private static async Task<MigrationRow> RowAsync(OperationsWorld world) => (await world.StatusAsync("staging")).Migrations.Single(m => m.Name == "add_mobile_sync_support_tasks_client_id");
}
