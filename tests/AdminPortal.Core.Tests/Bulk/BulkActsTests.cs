using AdminPortal.Core.Bulk;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Permissions;
using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Tests.Bulk;

/// <summary>Acts on many devices: what is frozen is what is previewed is what runs, once, and for admins only.</summary>
public sealed class BulkActsTests(PairingDatabases databases) : BulkTest(databases)
{
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
        await World.ExecuteAsync("""INSERT INTO sync.device_state ("deviceId", "userId", pending) SELECT "deviceId", "userId", CASE id WHEN $1 THEN 7 ELSE 0 END FROM public.device_pairings WHERE id = ANY ($2)""", ids[2], new[] { ids[2], own[0] });
        var selection = await FrozenAsync(portal, admin, [.. ids, others[0], own[0]]);
        await World.ExecuteAsync("DELETE FROM public.device_pairings WHERE id = $1", others[0]);

        var revoke = (await portal.Previews.FindAsync(admin, selection, Revoke, Token))!;

        Assert.Equal((5, 1, 3, 1, 2), (revoke.Total, revoke.Gone, revoke.Affected, revoke.OwnAffected, revoke.People));
        Assert.Equal(2, revoke.ToChange(includeOwn: false));
        Assert.Equal((2, 1, 1), (revoke.ByStatus[DeviceStatus.Active], revoke.ByStatus[DeviceStatus.Quarantined], revoke.ByStatus[DeviceStatus.Revoked]));
        Assert.Equal(new ScopeCount(PermissionScope.WriteNotes, 3), Assert.Single(revoke.Scopes));
        Assert.Equal(2, revoke.LastDeviceOf); // the owner and the admin; the second person keeps one
        Assert.Contains(owner.Name, revoke.LastDeviceExamples);
        Assert.Equal((1, 1, 1, 7), (revoke.Syncing, revoke.SyncSilent, revoke.UnsyncedOn, revoke.Unsynced));
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
        Assert.Equal("Revoke 3 devices", run.Title);
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

        Assert.Equal("1 dropped.", (await new SelectionCleanup(World.Databases).RunAsync(Token)).Message);
        Assert.Equal(2, await World.ScalarAsync<long>("SELECT count(*) FROM portal.device_selections WHERE id = ANY ($1)", (object)new[] { recent, ran }));
    }
}
