using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Migrations that are disturbed: killed backends, other runners, locks that somebody holds, people who stop them.</summary>
public sealed class MigrationInterruptionTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The backend is killed in the first statement of the migration; the next attempt goes on from the history.</summary>
    [Theory]
    [InlineData("add_device_pairing_models", "public.users")]
    [InlineData("add_mobile_sync_support", "public.tasks")]
    [InlineData("add_mobile_sync_support_tasks_client_id", "public.tasks")]
    [InlineData("add_portal_tables", "portal.\"__EFMigrationsHistory\"")]
    public async Task Deploy_BackendKilledInAMigration_EndsAsIfNothingHadHappened(string migration, string table)
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await using var reference = await Reference.CreateAsync(cluster);
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, Before(world, migration));
        await using var blocker = await world.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync(Token);
        await TargetHistory.ExecuteAsync(blocker, $"LOCK TABLE {table} IN ROW EXCLUSIVE MODE; SELECT count(*) FROM {table}", Token);
        var started = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));
        var work = world.Get<RunHere>().WorkAsync(started.RunId, Token);

        await world.KillWaitingMigrationAsync(work);
        await transaction.RollbackAsync(Token);
        await work;
        var run = await world.TakeUpAsync(started.RunId);

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Catalogue.AssertEqual(await Catalogue.ReadAsync(reference.OwnerConnectionString), await Catalogue.ReadAsync(world.Staging.OwnerConnectionString));
    }

    [Fact]
    public async Task Deploy_PrismaHoldsItsLock_WaitsAndSaysWho()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await using var prisma = await world.OpenAsync("prisma-migrate");
        await TargetHistory.ExecuteAsync(prisma, "SELECT pg_advisory_lock(72707369)", Token);
        var started = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));
        var work = world.Get<RunHere>().WorkAsync(started.RunId, Token);

        await world.UntilAsync(started.RunId, journal => journal.Steps.Any(s => s.Detail?.Contains("Prisma Migrate works on this database (prisma-migrate", StringComparison.Ordinal) == true));
        await prisma.CloseAsync();
        await work;

        Assert.Equal(RunState.Done, (await world.Get<OperationRuns>().FindAsync(OperationsWorld.Admin, started.RunId, Token))!.State);
    }

    /// <summary>Two programs at once on one target, past the portal's own list of runs: one migrates, the other waits for it and finds nothing to do.</summary>
    [Fact]
    public async Task Deploy_TwoRunnersAtOnce_OneRunsAndTheSchemaIsWhole()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var started = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));

        await Task.WhenAll(world.Get<RunHere>().WorkAsync(started.RunId, Token), world.Get<RunHere>().WorkAsync(started.RunId, Token));

        Assert.Equal(RunState.Done, (await world.Get<OperationRuns>().FindAsync(OperationsWorld.Admin, started.RunId, Token))!.State);
        Assert.Empty((await world.StatusAsync("staging")).Pending);
    }

    /// <summary>Somebody holds a table for longer than a migration waits: it lets others through, and comes back.</summary>
    [Fact]
    public async Task Deploy_TableIsHeldForAWhile_GivesUpTheLockAndTriesAgain()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, "add_device_pairing_models");
        await using var holder = await world.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await TargetHistory.ExecuteAsync(holder, "LOCK TABLE public.tasks IN ACCESS SHARE MODE", Token);
        var started = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));
        var work = world.Get<RunHere>().WorkAsync(started.RunId, Token);

        await world.UntilAsync(started.RunId, journal => journal.Steps.Any(s => s.Detail?.Contains("Try 2 of 8", StringComparison.Ordinal) == true));
        await using (var writer = await world.OpenAsync())
            await TargetHistory.ExecuteAsync(writer, "SET statement_timeout = '2s'; UPDATE public.tasks SET title = title", Token);
        await transaction.RollbackAsync(Token);
        await work;

        Assert.Equal(RunState.Done, (await world.Get<OperationRuns>().FindAsync(OperationsWorld.Admin, started.RunId, Token))!.State);
    }

    [Fact]
    public async Task Deploy_StoppedWhileItWaits_IsStoppedAndSaysWhatIsDone()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, "add_device_pairing_models");
        await using var holder = await world.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await TargetHistory.ExecuteAsync(holder, "LOCK TABLE public.tasks IN ACCESS SHARE MODE", Token);
        var started = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));
        var work = world.Get<RunHere>().WorkAsync(started.RunId, Token);
        await world.UntilAsync(started.RunId, journal => journal.Steps.Any(s => s.Detail?.Contains("Try 2 of 8", StringComparison.Ordinal) == true));

        Assert.IsType<StopRunOutcome.Stopping>(await world.Get<OperationRuns>().StopAsync(OperationsWorld.Admin, started.RunId, Token));
        await work;

        var run = (await world.Get<OperationRuns>().FindAsync(OperationsWorld.Admin, started.RunId, Token))!;
        Assert.Equal((RunState.Stopped, 0L), (run.State, run.Done));
        Assert.Equal("add_device_pairing_models", MigrationScript.NameOf((await world.StatusAsync("staging")).MigratedTo!));
    }

    [Fact]
    public async Task Deploy_UniqueIndexOverDuplicates_FailsInWordsAndCanBeRepeated()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, "add_mobile_sync_support");
        var started = await world.StartDeployAsync("staging"); // the duplicates come after the look
        await world.ExecuteAsync("""INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now())""");
        await world.ExecuteAsync("""INSERT INTO public.tasks (id, "userId", title, "updatedAt", "clientId") VALUES ('1', 'u', 'x', now(), 'c'), ('2', 'u', 'x', now(), 'c')""");

        var failed = await world.EndOfAsync(started);
        Assert.Equal(RunState.Failed, failed.State);
        Assert.Contains("add_mobile_sync_support_tasks_client_id", failed.Error, StringComparison.Ordinal);
        Assert.Equal(MigrationState.Failed, (await world.StatusAsync("staging")).Migrations.Single(m => m.Name == "add_mobile_sync_support_tasks_client_id").State);
        Assert.Contains("1 are there more than once", string.Join(' ', Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("staging")).Reasons), StringComparison.Ordinal);

        await world.ExecuteAsync("""UPDATE public.tasks SET "clientId" = NULL WHERE id = '2'""");
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
    }

    private static string Before(OperationsWorld world, string migration)
    {
        var all = world.Get<MigrationScripts>().All.Select(m => m.Name).ToList();
        return all[all.IndexOf(migration) - 1];
    }
}
