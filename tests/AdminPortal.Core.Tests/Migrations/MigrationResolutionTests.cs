using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Histories and catalogues that do not agree, made by hand, by Prisma or by an end in the middle.</summary>
public sealed class MigrationResolutionTests(PostgresCluster cluster)
{
    private const string ClientIdIndex = """CREATE UNIQUE INDEX "tasks_clientId_key" ON public.tasks ("clientId")""";

    private const string PrismaHistory =
        """
        CREATE TABLE public._prisma_migrations (
            id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
            started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)
        """;

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
        await world.BegunAsync(world.Get<MigrationScripts>().Find(await IdAsync(world))!);
        await world.ExecuteAsync(ClientIdIndex);
        await world.InvalidateAsync("tasks_clientId_key");

        var refused = Assert.IsType<MigrationOutcome.Refused>(await ResolveAsync(world));
        Assert.Contains("""DROP INDEX CONCURRENTLY IF EXISTS "public"."tasks_clientId_key";""", refused.Reasons[1], StringComparison.Ordinal);
        Assert.IsType<MigrationOutcome.Nothing>(await world.Get<MigrationResolution>().CleanUpAsync(OperationsWorld.Admin, "staging", await IdAsync(world), "cleaned", Token));

        Assert.Equal((MigrationTrace.Before, true), await TraceAsync(world, "add_mobile_sync_support_tasks_client_id"));
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
        await world.BegunAsync(world.Get<MigrationScripts>().Find(id)!);

        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.Get<MigrationResolution>().CleanUpAsync(OperationsWorld.Admin, "staging", id, "why", Token));

        Assert.Contains("public.tasks.clientId has values", string.Join('\n', refused.Reasons), StringComparison.Ordinal);
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

        var run = await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, "taken over", Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal("add_mobile_sync_support_users_last_synced_at", MigrationScript.NameOf((await world.StatusAsync("staging")).MigratedTo!));
        Assert.Equal(0L, await world.ScalarAsync("""SELECT count(*) FROM public.device_pairings WHERE "sessionToken" LIKE 'raw%'"""));
        Assert.Equal("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("raw-7"u8)), await world.ScalarAsync("""SELECT "sessionToken" FROM public.device_pairings WHERE id = 'p7'"""));
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
        Assert.Contains(
            "was not seen to run there", string.Join(' ', Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("main")).Reasons), StringComparison.Ordinal);
    }

    /// <summary>Everything of this release made by hand, steps that a later one takes away again included.</summary>
    [Fact]
    public async Task Adopt_WholeReleaseMadeByAnotherProgram_RecordsAllOfIt()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await world.ExecuteAsync("""DROP TABLE portal."__EFMigrationsHistory" """);

        var run = await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Empty((await world.StatusAsync("staging")).Pending);
    }

    /// <summary>As the guide's first step leaves it when it fails in the middle: Prisma runs its statements one by one, and their parts are not the portal's.</summary>
    [Fact]
    public async Task Resolve_HalfMadeByPrismaAndCleanedUpByHand_SettlesPrismasHistoryTooAndTheDatabaseCanBeAdopted()
    {
        await using var world = await AtAsync("baseline");
        var script = world.Get<MigrationScripts>().FindByName("add_device_pairing_models")!;
        foreach (var statement in script.Up.Take(4))
            await world.ExecuteAsync(statement.Sql);
        await world.ExecuteAsync("""DROP TABLE portal."__EFMigrationsHistory" """);
        await world.ExecuteAsync(PrismaHistory);
        await world.ExecuteAsync("INSERT INTO public._prisma_migrations (id, checksum, migration_name, logs) VALUES ('1', 'c', '20240101000000_add_device_pairing_models', 'connection lost'), ('2', 'd', '20240102000000_of_the_host', 'no')");

        Assert.IsType<MigrationOutcome.Refused>(await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Admin, "staging", script.Id, "why", Token));
        Assert.IsType<MigrationOutcome.Refused>(await world.Get<MigrationResolution>().CleanUpAsync(OperationsWorld.Admin, "staging", script.Id, "failed half-way", Token));
        await world.ExecuteAsync("""DROP TABLE public.device_pairings, public.device_permissions; DROP TYPE public."DeviceType"; DROP TYPE public."PermissionScope" """);
        Assert.IsType<MigrationOutcome.Nothing>(await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Admin, "staging", script.Id, "removed by hand", Token));

        Assert.Equal(1L, await world.ScalarAsync("SELECT count(*) FROM public._prisma_migrations WHERE rolled_back_at IS NOT NULL AND migration_name LIKE '%pairing_models'"));
        Assert.Equal(["20240102000000_of_the_host"], (await world.StatusAsync("staging")).Prisma.Where(m => m.Failed).Select(m => m.Name));
        await world.ExecuteAsync("UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE id = '2'");
        Assert.Equal(RunState.Done, (await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token))).State);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
    }

    /// <summary>Prisma lost the connection at the very end: all of it is there, and its history says that it failed.</summary>
    [Fact]
    public async Task Resolve_WholeAndFailedByPrisma_IsFinishedInPrismasHistory()
    {
        await using var world = await AtAsync("add_device_pairing_models");
        await world.ExecuteAsync(PrismaHistory);
        await world.ExecuteAsync("INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES ('1', 'c', '20240101000000_add_device_pairing_models')");
        await world.ExecuteAsync("""DELETE FROM portal."__EFMigrationsHistory" WHERE "MigrationId" LIKE '%pairing_models'""");

        await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Admin, "staging", world.Get<MigrationScripts>().FindByName("add_device_pairing_models")!.Id, "checked", Token);

        Assert.Equal(1L, await world.ScalarAsync("SELECT count(*) FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND checksum = 'c' AND rolled_back_at IS NULL"));
        Assert.DoesNotContain((await world.StatusAsync("staging")).Prisma, m => m.Failed);
    }

    /// <summary>Something of an early migration is missing, and later ones are there: its clean-up would take their ground away.</summary>
    [Fact]
    public async Task CleanUp_WithLaterMigrationsOnTop_IsRefused()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await world.ExecuteAsync("""DROP INDEX public."device_pairings_isActive_idx" """);
        var id = world.Get<MigrationScripts>().FindByName("add_device_pairing_models")!.Id;

        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.Get<MigrationResolution>().CleanUpAsync(OperationsWorld.Admin, "staging", id, "why", Token));

        Assert.Contains("Later migrations stand on it", refused.Reasons[0], StringComparison.Ordinal);
        Assert.Equal("add_device_pairing_models", Assert.Single(await ComparedAsync(world), m => !m.Agrees).Name);
    }

    [Fact]
    public async Task Compare_TargetThatIsAway_SaysSo()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await world.Staging.DisposeAsync();

        Assert.IsType<ComparisonOutcome.Away>(await world.Get<MigrationResolution>().CompareAsync(OperationsWorld.Support, "staging", Token));
        Assert.IsType<MigrationOutcome.Refused>(await ResolveAsync(world));
        Assert.Null(await world.Get<MigrationResolution>().CompareAsync(OperationsWorld.Support, "nothing", Token));
    }

    [Fact]
    public async Task Adopt_HalfMade_RecordsNothing()
    {
        await using var world = await AtAsync("add_device_pairing_models");
        await world.ExecuteAsync("""DROP TABLE portal."__EFMigrationsHistory" """);
        await world.ExecuteAsync("""DROP INDEX public."device_pairings_isActive_idx" """);

        var run = await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: true, null, Token));

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

    private static async Task<IReadOnlyList<ResolutionView>> ComparedAsync(OperationsWorld world) =>
        Assert.IsType<ComparisonOutcome.Compared>(await world.Get<MigrationResolution>().CompareAsync(OperationsWorld.Support, "staging", Token)).Migrations;

    private static async Task<(MigrationTrace Trace, bool Agrees)> TraceAsync(OperationsWorld world, string name)
    {
        var migration = (await ComparedAsync(world)).Single(m => m.Name == name);
        return (migration.Proof.Trace, migration.Agrees);
    }

    private static Task<string> IdAsync(OperationsWorld world) => Task.FromResult(world.Get<MigrationScripts>().FindByName("add_mobile_sync_support_tasks_client_id")!.Id);

    private static async Task<MigrationOutcome> ResolveAsync(OperationsWorld world) =>
        await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Admin, "staging", await IdAsync(world), "checked", Token);

    private static async Task<MigrationRow> RowAsync(OperationsWorld world) => (await world.StatusAsync("staging")).Migrations.Single(m => m.Name == "add_mobile_sync_support_tasks_client_id");
}
