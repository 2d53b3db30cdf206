using System.Diagnostics;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Permissions;
using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Tests.Bulk;

/// <summary>Acts on many devices: what is frozen is what is previewed is what runs, once, for admins only, and back again where it can be.</summary>
public sealed class BulkActsTests(PairingDatabases databases) : PairingTest(databases)
{
    private static readonly BulkOrder Revoke = new(BulkAct.Revoke);
    private static readonly BulkOrder Quarantine = new(BulkAct.Quarantine);

    [Theory]
    [InlineData(AccountRole.Support)]
    [InlineData(AccountRole.User)]
    public async Task FreezeAndStart_NotAnAdmin_IsNotAllowed(AccountRole role)
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await DevicesAsync(owner, 2);
        var other = await World.NewPersonAsync(role);
        var selection = await FrozenAsync(portal, admin, ids);

        Assert.IsType<SelectionOutcome.NotAllowed>(await portal.Selections.FreezeAsync(other, ids, Token));
        Assert.IsType<BulkOutcome.NotAllowed>(await portal.Acts.StartAsync(other, selection, Revoke, "lost", 2, true, Token));
        Assert.Null(await portal.Previews.FindAsync(other, selection, Revoke, Token));
        Assert.Null(await portal.Previews.FindAsync(await World.NewPersonAsync(AccountRole.Admin), selection, Revoke, Token)); // another admin's
    }

    [Fact]
    public async Task FindAsync_MixedSelection_CountsWhatWouldHappen()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var second = await World.NewPersonAsync();
        var ids = await DevicesAsync(owner, 3);
        var others = await DevicesAsync(second, 2);
        var own = await DevicesAsync(admin, 1);
        await World.Devices.RevokeAsync(owner, ids[0], null, Token);
        await World.Devices.QuarantineAsync(owner, ids[1], "lost", Token);
        await World.ExecuteAsync("""INSERT INTO public.devices (id, "userId", "deviceId", platform, "appVersion", "lastSeenAt", "updatedAt") SELECT $1, "userId", "deviceId", 'iOS', '1.0', now() AT TIME ZONE 'utc' - interval '2 days', now() FROM public.device_pairings WHERE id = $1""", ids[2]);
        var selection = await FrozenAsync(portal, admin, [.. ids, others[0], own[0]]);
        await World.ExecuteAsync("DELETE FROM public.device_pairings WHERE id = $1", others[0]);

        var revoke = (await portal.Previews.FindAsync(admin, selection, Revoke, Token))!;

        Assert.Equal((5, 1, 3, 1, 2), (revoke.Total, revoke.Gone, revoke.Affected, revoke.OwnAffected, revoke.People));
        Assert.Equal(2, revoke.ToChange(includeOwn: false));
        Assert.Equal((2, 1, 1), (revoke.ByStatus[DeviceStatus.Active], revoke.ByStatus[DeviceStatus.Quarantined], revoke.ByStatus[DeviceStatus.Revoked]));
        Assert.Equal(new ScopeCount(PermissionScope.WriteNotes, 3), Assert.Single(revoke.Scopes));
        Assert.Equal(2, revoke.LastDeviceOf); // the owner and the admin; the second person keeps one
        Assert.Contains(owner.Name, revoke.LastDeviceExamples);
        Assert.Equal((1, 1), (revoke.Syncing, revoke.SyncSilent));
        Assert.Equal(1, (await portal.Previews.FindAsync(admin, selection, new BulkOrder(BulkAct.Release), Token))!.Affected);
        Assert.Equal(0, (await portal.Previews.FindAsync(admin, selection, new BulkOrder(BulkAct.TakeScope, PermissionScope.ViewTranscript), Token))!.Affected);
    }

    [Fact]
    public async Task StartAsync_Revoke_EndsWhatWasFrozenAndNotWhatCameAfter()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        await DevicesAsync(owner, 3);
        var filter = new DeviceFilter(Search: owner.Name);
        var frozen = Assert.IsType<SelectionOutcome.Frozen>(await portal.Selections.FreezeAsync(admin, filter, Token));
        var late = await DevicesAsync(owner, 1);

        var run = await RanAsync(portal, admin, frozen.SelectionId, Revoke, 3);

        Assert.Equal((RunState.Done, 3, 0, 3), (run.State, run.Done, run.Skipped, run.Total));
        Assert.Equal("End 3 devices", run.Title);
        Assert.True(await World.ScalarAsync<bool>("""SELECT "isActive" FROM public.device_pairings WHERE id = $1""", late[0]));
        Assert.Equal(3, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_events WHERE "runId" = $1 AND kind = 'revoked' AND reason = 'lost'""", run.Id));
        Assert.Equal(3, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "runId" = $1""", run.Id));
        Assert.Equal(3, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.token_history WHERE "userId" = $1 AND "requestedAt" <= "endedAt" """, owner.UserId!));
        Assert.Equal((1, 1), (await portal.AuditAsync(run.Id, "run.started"), await portal.AuditAsync(run.Id, "run.finished")));
    }

    [Fact]
    public async Task StartAsync_TenClicksAtOnce_RunOnce()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var selection = await FrozenAsync(portal, admin, await DevicesAsync(owner, 5));
        await portal.WorkAsync();

        var outcomes = await AtOnceAsync(10, _ => portal.Acts.StartAsync(admin, selection, Revoke, "lost", 5, false, Token));

        var started = Assert.Single(outcomes.OfType<BulkOutcome.Started>());
        Assert.All(outcomes.OfType<BulkOutcome.AlreadyStarted>(), late => Assert.Equal(started.RunId, late.RunId));
        Assert.Equal(5, (await portal.EndOfAsync(admin, started.RunId)).Done);
    }

    [Fact]
    public async Task StartAsync_DevicesChangedSinceThePreview_StartsNothing()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await DevicesAsync(owner, 3);
        var selection = await FrozenAsync(portal, admin, ids);
        await World.Devices.RevokeAsync(owner, ids[0], null, Token);

        Assert.Equal(new BulkOutcome.Changed(2), await portal.Acts.StartAsync(admin, selection, Revoke, "lost", 3, false, Token));
        Assert.IsType<BulkOutcome.Started>(await portal.Acts.StartAsync(admin, selection, Revoke, "lost", 2, false, Token));
    }

    [Fact]
    public async Task StartAsync_PortalDatabaseAway_LeavesTheSelectionToBeStartedAgain()
    {
        await using var portal = Portal();
        await using var away = new BulkPortal(World, "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=none;Timeout=2");
        var (admin, owner) = await PeopleAsync();
        var selection = await FrozenAsync(portal, admin, await DevicesAsync(owner, 2));

        await Assert.ThrowsAnyAsync<Exception>(() => away.Acts.StartAsync(admin, selection, Quarantine, "lost", 2, false, Token));

        Assert.Equal(2, (await RanAsync(portal, admin, selection, Quarantine, 2)).Done);
    }

    [Fact]
    public async Task StartAsync_OwnDeviceInSelection_IsLeftOutUnlessIncluded()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var own = (await DevicesAsync(admin, 1))[0];
        string[] ids = [own, .. await DevicesAsync(owner, 1)];

        await RanAsync(portal, admin, await FrozenAsync(portal, admin, ids), Quarantine, 1);
        Assert.True(await World.ScalarAsync<bool>("""SELECT "isActive" FROM public.device_pairings WHERE id = $1""", own));

        var again = await FrozenAsync(portal, admin, ids);
        var started = Assert.IsType<BulkOutcome.Started>(await portal.Acts.StartAsync(admin, again, Quarantine, "lost", 1, includeOwn: true, Token));
        await portal.EndOfAsync(admin, started.RunId);
        Assert.False(await World.ScalarAsync<bool>("""SELECT "isActive" FROM public.device_pairings WHERE id = $1""", own));
    }

    [Theory]
    [InlineData("", null, 0)]
    [InlineData("why", BulkAct.TakeScope, 0)]
    [InlineData("why", BulkAct.ExtendScope, -5)]
    public async Task StartAsync_IncompleteOrder_IsInvalid(string reason, BulkAct? act, int minutes)
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var selection = await FrozenAsync(portal, admin, await DevicesAsync(owner, 1));
        var order = new BulkOrder(act ?? BulkAct.Revoke, minutes < 0 ? PermissionScope.WriteNotes : null, TimeProvider.System.GetUtcNow().AddMinutes(minutes));

        Assert.IsType<BulkOutcome.Invalid>(await portal.Acts.StartAsync(admin, selection, order, reason, 1, false, Token));
    }

    [Fact]
    public async Task UndoAsync_Quarantine_ReleasesWhatThisRunSuspendedAndNobodyTouchedSince()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await DevicesAsync(owner, 5);
        await World.Devices.QuarantineAsync(owner, ids[0], "before", Token);
        var run = await RanAsync(portal, admin, await FrozenAsync(portal, admin, ids), Quarantine, 4);
        await World.Devices.RevokeAsync(admin, ids[1], null, Token);
        await World.Devices.ReleaseAsync(admin, ids[2], null, Token);
        await World.Devices.QuarantineAsync(admin, ids[2], "again", Token);

        var undo = Assert.IsType<BulkOutcome.Started>(await portal.Acts.UndoAsync(admin, run.Id, "found", Token));
        var back = await portal.EndOfAsync(admin, undo.RunId);

        Assert.Equal((2, 2, run.Id), (back.Done, back.Skipped, back.UndoOf));
        Assert.Equal("false,false,false,true,true", await World.ScalarAsync<string>("""SELECT string_agg("isActive"::text, ',' ORDER BY array_position($1::text[], id)) FROM public.device_pairings WHERE id = ANY ($1)""", (object)ids));
        Assert.Equal(undo.RunId, (await portal.Runs.FindAsync(admin, run.Id, Token))!.UndoneBy);
        Assert.Equal(new BulkOutcome.AlreadyStarted(undo.RunId), await portal.Acts.UndoAsync(admin, run.Id, "found", Token));
    }

    [Fact]
    public async Task UndoAsync_TakenScope_GivesItBackWithItsEnd()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await DevicesAsync(owner, 3);
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "expiresAt" = '2099-01-02 03:04:05.678' WHERE "devicePairingId" = $1""", ids[0]);
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "expiresAt" = now() AT TIME ZONE 'utc' + interval '300 milliseconds' WHERE "devicePairingId" = $1""", ids[1]);
        var run = await RanAsync(portal, admin, await FrozenAsync(portal, admin, ids), new BulkOrder(BulkAct.TakeScope, PermissionScope.WriteNotes), 3);
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_permissions WHERE "devicePairingId" = ANY ($1)""", (object)ids));
        await World.ExecuteAsync("SELECT pg_sleep(0.35)");

        var undo = Assert.IsType<BulkOutcome.Started>(await portal.Acts.UndoAsync(admin, run.Id, "a mistake", Token));
        var back = await portal.EndOfAsync(admin, undo.RunId);

        Assert.Equal((2, 1), (back.Done, back.Skipped)); // the second would have ended meanwhile
        Assert.Equal("2099-01-02 03:04:05.678", await World.ScalarAsync<string>("""SELECT "expiresAt"::text FROM public.device_permissions WHERE "devicePairingId" = $1""", ids[0]));
        Assert.Null(await World.ScalarAsync<string>("""SELECT "expiresAt"::text FROM public.device_permissions WHERE "devicePairingId" = $1""", ids[2]));
    }

    [Fact]
    public async Task StartAsync_ExtendScope_NeverShortensAndCanBeTakenBack()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await DevicesAsync(owner, 3); // the third has no end
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "expiresAt" = '2090-01-01' WHERE "devicePairingId" = $1""", ids[0]);
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "expiresAt" = '2099-01-01' WHERE "devicePairingId" = $1""", ids[1]);
        var order = new BulkOrder(BulkAct.ExtendScope, PermissionScope.WriteNotes, new DateTimeOffset(2095, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var run = await RanAsync(portal, admin, await FrozenAsync(portal, admin, ids), order, 1);
        Assert.Equal("2095-01-01 00:00:00|2099-01-01 00:00:00|", await EndsAsync(ids));

        await portal.EndOfAsync(admin, Assert.IsType<BulkOutcome.Started>(await portal.Acts.UndoAsync(admin, run.Id, "a mistake", Token)).RunId);
        Assert.Equal("2090-01-01 00:00:00|2099-01-01 00:00:00|", await EndsAsync(ids));
    }

    [Fact]
    public async Task UndoAsync_Revoke_SaysThatItCannotBe()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var run = await RanAsync(portal, admin, await FrozenAsync(portal, admin, await DevicesAsync(owner, 1)), Revoke, 1);

        Assert.Contains("paired again", Assert.IsType<BulkOutcome.Invalid>(await portal.Acts.UndoAsync(admin, run.Id, "oh", Token)).Message, StringComparison.Ordinal);
        Assert.IsType<BulkOutcome.NotAllowed>(await portal.Acts.UndoAsync(await World.NewPersonAsync(AccountRole.Support), run.Id, "oh", Token));
        Assert.IsType<BulkOutcome.NotFound>(await portal.Acts.UndoAsync(owner, run.Id, "oh", Token));
    }

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

    [Fact]
    public async Task FreezeAsync_TooManyOrNone_KeepsNothing()
    {
        await using var portal = Portal();
        var (admin, _) = await PeopleAsync();

        Assert.IsType<SelectionOutcome.Empty>(await portal.Selections.FreezeAsync(admin, ["no such device"], Token));
        Assert.Equal(new SelectionOutcome.TooMany(1000), await portal.Selections.FreezeAsync(admin, [.. Enumerable.Range(0, 1001).Select(i => $"{i}")], Token));
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_selections WHERE "actorId" = $1""", admin.Id));
    }

    [Fact]
    public async Task CleanUp_UnrunSelectionOfYesterday_IsDropped()
    {
        await using var portal = Portal();
        var (admin, owner) = await PeopleAsync();
        var ids = await DevicesAsync(owner, 1);
        var (old, recent, ran) = (await FrozenAsync(portal, admin, ids), await FrozenAsync(portal, admin, ids), await FrozenAsync(portal, admin, ids));
        await RanAsync(portal, admin, ran, Quarantine, 1);
        await World.ExecuteAsync("""UPDATE portal.device_selections SET "createdAt" = now() - interval '25 hours' WHERE id = ANY ($1)""", (object)new[] { old, ran });
        using var cleanup = new SelectionCleanup(World.Databases, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<SelectionCleanup>.Instance);

        Assert.Equal(1, await cleanup.RunAsync(Token));
        Assert.Equal(2, await World.ScalarAsync<long>("SELECT count(*) FROM portal.device_selections WHERE id = ANY ($1)", (object)new[] { recent, ran }));
    }

    private BulkPortal Portal() => new(World, Store.PortalConnection);

    private async Task<(Actor Admin, Actor Owner)> PeopleAsync() => (await World.NewPersonAsync(AccountRole.Admin), await World.NewPersonAsync());

    private static async Task<string> FrozenAsync(BulkPortal portal, Actor admin, IReadOnlyCollection<string> ids) =>
        Assert.IsType<SelectionOutcome.Frozen>(await portal.Selections.FreezeAsync(admin, ids, Token)).SelectionId;

    private static async Task<RunRow> RanAsync(BulkPortal portal, Actor admin, string selection, BulkOrder order, int devices)
    {
        await portal.WorkAsync();
        var started = Assert.IsType<BulkOutcome.Started>(await portal.Acts.StartAsync(admin, selection, order, "lost", devices, false, Token));
        return await portal.EndOfAsync(admin, started.RunId);
    }

    /// <summary>Working devices with one scope each.</summary>
    private async Task<string[]> DevicesAsync(Actor owner, int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
            ids[i] = (await World.PairAsync(owner)).PairingId;
        return ids;
    }

    /// <summary>Rows without the way of pairing, in the order of their ids.</summary>
    private async Task<string[]> ManyAsync(Actor owner, int count)
    {
        await World.ExecuteAsync(
            """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
            SELECT $1 || '-' || to_char(n, 'FM000000'), $1, $1 || '-' || n, 'TABLET', 'sha256:' || $1 || n, now() + interval '1 day', now() FROM generate_series(1, $2) n
            """, owner.UserId!, count);
        return [.. Enumerable.Range(1, count).Select(n => $"{owner.UserId}-{n:000000}")];
    }

    private Task<string?> EndsAsync(string[] ids) => World.ScalarAsync<string>(
        """SELECT string_agg(coalesce("expiresAt"::text, ''), '|' ORDER BY array_position($1::text[], "devicePairingId")) FROM public.device_permissions WHERE "devicePairingId" = ANY ($1)""", (object)ids);
}
