using System.Diagnostics;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Tests.Bulk;

/// <summary>Runs over many devices that are stopped, killed, met by other acts, or large.</summary>
public sealed class BulkWorkTests(PairingDatabases databases) : BulkTest(databases)
{
    [Fact]
    public async Task StopAsync_HalfWay_KeepsWhatIsDoneAndLeavesTheRest()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await ManyAsync(owner, 1500);
        var selection = Assert.IsType<SelectionOutcome.Frozen>(await portal.Selections.FreezeAsync(admin, owner.UserId!, "them", Token)).SelectionId;
        await using var guard = await Store.Owner.OpenConnectionAsync(Token);
        await using var held = await guard.BeginTransactionAsync(Token);
        await Sql.RunAsync(guard, """SELECT 1 FROM public.device_pairings WHERE id = $1 FOR UPDATE""", ids[600]); // in the second batch
        await portal.WorkAsync();
        var runId = Assert.IsType<BulkOutcome.Started>(await portal.Acts.StartAsync(admin, selection, Revoke, "lost", 1500, false, Token)).RunId;
        await portal.WaitForAsync(admin, runId, r => r.Done == 500);

        Assert.IsType<StopRunOutcome.NotAllowed>(await portal.Runs.StopAsync(await World.NewPersonAsync(AccountRole.Support), runId, Token));
        Assert.IsType<StopRunOutcome.Stopping>(await portal.Runs.StopAsync(admin, runId, Token));
        Assert.Equal(new StopRunOutcome.AlreadyStopping(admin.Name), await portal.Runs.StopAsync(admin, runId, Token));
        await Task.Delay(700, Token); // more than a heartbeat, in which the worker hears of the wish
        await held.CommitAsync(Token);
        var run = await portal.EndOfAsync(admin, runId);

        Assert.Equal((RunState.Stopped, 1000L, 500L), (run.State, run.Done, run.Left));
        Assert.Equal(500, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1 AND "isActive" """, owner.UserId!));
        Assert.IsType<StopRunOutcome.AlreadyFinished>(await portal.Runs.StopAsync(admin, runId, Token));
    }

    [Fact]
    public async Task WorkAsync_PortalKilledHalfWay_AnotherGoesOnExactlyOnce()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await ManyAsync(owner, 1200);
        var selection = Assert.IsType<SelectionOutcome.Frozen>(await portal.Selections.FreezeAsync(admin, owner.UserId!, "them", Token)).SelectionId;
        var runId = Assert.IsType<BulkOutcome.Started>(await portal.Acts.StartAsync(admin, selection, Quarantine, "lost", 1200, false, Token)).RunId;
        await portal.ExecuteAsync("""UPDATE portal.operation_runs SET state = 'Running', instance = 'dead', "startedAt" = now(), "heartbeatAt" = now() WHERE id = $1""", runId);
        await using (var guard = await Store.Owner.OpenConnectionAsync(Token))
        {
            await using var held = await guard.BeginTransactionAsync(Token);
            await Sql.RunAsync(guard, "SELECT 1 FROM public.device_pairings WHERE id = $1 FOR UPDATE", ids[600]); // in the second batch
            using var kill = new CancellationTokenSource();
            var parameters = (await portal.RowAsync(runId)).Parameters;
            var dying = Task.Run(() => new BulkWork(World.Databases).WorkAsync(
                new RunContext(runId, "devices.quarantine", World.Databases.PrimaryName, parameters, "lost", admin, TimeProvider.System.GetUtcNow(), null, new RunJournal(runId, 0, 0, TimeProvider.System)), kill.Token), Token);
            await World.WaitForBlockedAsync();
            await kill.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying);
        }

        Assert.Equal(500, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_events WHERE "runId" = $1""", runId));

        await portal.WorkAsync();
        var run = await portal.EndOfAsync(admin, runId);

        Assert.Equal((RunState.Done, 1200, 0), (run.State, run.Done, run.Skipped));
        Assert.Equal(1200, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_events WHERE "runId" = $1""", runId));
        Assert.Equal(1200, await World.ScalarAsync<long>("""SELECT count(DISTINCT "pairingId") FROM portal.device_events WHERE "runId" = $1""", runId));
    }

    [Fact]
    public async Task StartAsync_BulkAndSingleAtOnce_EachDeviceEndsOnce()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await ManyAsync(owner, 40);
        var selection = await FrozenAsync(portal, admin, ids);
        await portal.WorkAsync();

        var single = AtOnceAsync(10, i => World.Devices.RevokeAsync(admin, ids[i], null, Token));
        var outcome = await portal.Acts.StartAsync(admin, selection, Quarantine, "lost", 40, false, Token);
        var ended = await single;

        if (outcome is BulkOutcome.Started started)
            await portal.EndOfAsync(admin, started.RunId);
        Assert.All(ended, o => Assert.IsType<DeviceActOutcome.Done>(o)); // suspended before or not, each ended
        Assert.Equal(10, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_events WHERE "userId" = $1 AND kind = 'revoked'""", owner.UserId!));
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_state s JOIN portal.device_events e ON e."pairingId" = s."pairingId" WHERE e."userId" = $1 AND e.kind = 'revoked'""", owner.UserId!));
    }

    [Fact]
    public async Task StartAsync_TenThousand_EndsThemWithinSeconds()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        await ManyAsync(owner, 10_000);
        var selection = Assert.IsType<SelectionOutcome.Frozen>(await portal.Selections.FreezeAsync(admin, owner.UserId!, "them", Token)).SelectionId;
        var watch = Stopwatch.StartNew();

        var run = await RanAsync(portal, admin, selection, Revoke, 10_000);

        TestContext.Current.SendDiagnosticMessage("10,000 devices ended in {0} ms", watch.ElapsedMilliseconds);
        Assert.Equal(10_000, run.Done);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), watch.Elapsed.ToString());
    }
}
