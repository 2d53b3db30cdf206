using AdminPortal.Core.Bulk;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Bulk;

/// <summary>A run is taken back where that is possible, and only what it changed and nobody changed since.</summary>
public sealed class BulkUndoTests(PairingDatabases databases) : BulkTest(databases)
{
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
}
