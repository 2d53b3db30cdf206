using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>Verifications and safe repairs as runs.</summary>
public sealed class RepairTests(PostgresCluster cluster)
{
    private static readonly Actor Support = new("s", "Sam", AccountRole.Support, null, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""DROP INDEX public."tasks_clientId_key" """, FixKind.CreateIndex)]
    [InlineData("DROP INDEX public.users_words_idx", FixKind.CreateIndex)] // with the trigram extension's operator class
    [InlineData("""ALTER TABLE public.devices DROP CONSTRAINT "devices_userId_fkey"; ALTER TABLE public.devices ADD CONSTRAINT "devices_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID""", FixKind.ValidateConstraint)]
    public async Task RepairAsync_OfferedFix_LeavesNothingToFind(string drift, FixKind kind)
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await world.ExecuteAsync(drift);

        var run = await RepairOnlyFindingAsync(world, kind);

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Empty(VerificationWorld.Problems(await world.RunAsync()));
        await using var db = await world.Portals.CreateDbContextAsync(Token);
        Assert.Equal(1, await db.AuditEvents.CountAsync(e => e.Action == "run.started" && e.Subject == run.Id, Token));
    }

    [Theory]
    [InlineData("tasks_clientId_key", FixKind.CreateIndex)]
    [InlineData("leftover", FixKind.DropInvalidIndex)]
    public async Task RepairAsync_InvalidIndex_IsGoneOrBuiltAgain(string name, FixKind kind)
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await InvalidIndex.LeaveAsync(world, name);

        Assert.Equal(RunState.Done, (await RepairOnlyFindingAsync(world, kind)).State);
        Assert.DoesNotContain(VerificationWorld.Problems(await world.RunAsync()), p => p.Contains("invalid", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RepairAsync_DuplicatesInTheWay_FailsWithTheDiagnosis()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await InvalidIndex.LeaveAsync(world, "tasks_clientId_key", keepDuplicates: true);

        var run = await RepairOnlyFindingAsync(world, FixKind.CreateIndex);

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("Duplicates", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RepairAsync_NotOfferedOrNotAllowed_StartsNothing()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await world.RunAsync();
        await using var portal = new Portal(world);
        var fix = new SafeFix(FixKind.DropInvalidIndex, "public", "tasks", "tasks_pkey", "DROP INDEX CONCURRENTLY public.tasks_pkey");

        Assert.IsType<VerificationOutcome.NotOffered>(await portal.Verification.RepairAsync(Actor.CommandLine, VerificationWorld.Target, fix, null, Token));
        Assert.IsType<VerificationOutcome.NotAllowed>(await portal.Verification.RepairAsync(Support, VerificationWorld.Target, fix, null, Token));
        Assert.IsType<VerificationOutcome.NotAllowed>(await portal.Verification.StartAsync(Support, VerificationWorld.Target, VerificationScope.CatalogueOnly, Token));
        Assert.IsType<VerificationOutcome.NotFound>(await portal.Verification.StartAsync(Actor.CommandLine, "nowhere", VerificationScope.CatalogueOnly, Token));
        Assert.Empty(await portal.Runs.ListAsync(Actor.CommandLine, Token));
    }

    [Fact]
    public async Task StartAsync_Twice_OneRunWhoseResultIsItsOwn()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await using var portal = new Portal(world);

        var started = Assert.IsType<VerificationOutcome.Started>(await portal.Verification.StartAsync(Actor.CommandLine, "MAIN", VerificationScope.Everything, Token));
        Assert.Equal(new VerificationOutcome.Busy(started.RunId), await portal.Verification.StartAsync(Actor.CommandLine, VerificationWorld.Target, VerificationScope.Everything, Token));
        await portal.Here.WorkAsync(started.RunId, Token);

        Assert.Equal(RunState.Done, (await portal.Runs.FindAsync(Actor.CommandLine, started.RunId, Token))?.State);
        Assert.True((await world.Verifications.OfRunAsync(started.RunId, Token)) is { Passed: true, WithData: true });
    }

    private static async Task<RunRow> RepairOnlyFindingAsync(VerificationWorld world, FixKind kind)
    {
        var result = await world.RunAsync(data: false);
        var fix = result.Checks.SelectMany(c => c.Findings).Select(f => f.Fix).First(f => f?.Kind == kind)!;
        await using var portal = new Portal(world);
        var started = Assert.IsType<VerificationOutcome.Started>(await portal.Verification.RepairAsync(Actor.CommandLine, VerificationWorld.Target, fix, "tidy", Token));
        await portal.Here.WorkAsync(started.RunId, Token);
        return (await portal.Runs.FindAsync(Actor.CommandLine, started.RunId, Token))!;
    }

    /// <summary>The run services as a command-line verb holds them.</summary>
    private sealed class Portal : IAsyncDisposable
    {
        private readonly RunSignal signal = new();

        public Portal(VerificationWorld world)
        {
            var place = new RunPlace(KeepsItsRuns: true);
            Runs = new OperationRuns(world.Portals, signal, place);
            Verification = new VerificationRuns(Runs, world.Access, world.Verifications);
            var claims = new RunClaims(world.Portals, TimeProvider.System);
            IRunWork[] works = [new VerificationWork(world.Verifications), new RepairWork(world.Access, new KnownTargets(world.Portals), world.Verifications)];
            Here = new RunHere(claims, new RunExecution(claims, place, works, Options.Create(new RunOptions()), TimeProvider.System, NullLogger<RunExecution>.Instance));
        }

        public OperationRuns Runs { get; }

        public VerificationRuns Verification { get; }

        public RunHere Here { get; }

        public ValueTask DisposeAsync()
        {
            signal.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
