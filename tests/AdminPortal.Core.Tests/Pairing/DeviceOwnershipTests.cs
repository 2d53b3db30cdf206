using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>A deviceId that is known already: whose it is decides.</summary>
public sealed class DeviceOwnershipTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task ClaimAsync_ActiveDeviceOfAnother_IsRefusedAndTheCodeStaysUsable()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));

        Assert.IsType<ClaimOutcome.DeviceBelongsToAnother>(await World.ClaimAsync(request with { DeviceId = phone.DeviceId }));

        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));
        await World.ClaimedAsync(request);
    }

    [Theory, InlineData("revoked"), InlineData("expired")]
    public async Task CollectAsync_EndedDeviceOfAnother_MovesWithAnEntryForBoth(string how)
    {
        var before = await World.NewPersonAsync();
        var phone = await World.PairAsync(before);
        await EndAsync(before, phone, how);
        var after = await World.NewPersonAsync();

        var moved = await World.PairAsync(after, phone.DeviceId);

        Assert.NotEqual(phone.PairingId, moved.PairingId);
        Assert.Equal(1, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "deviceId" = $1""", phone.DeviceId));
        Assert.Equal(DeviceEventKind.MovedAway, (await World.EventsAsync(before))[^1]);
        Assert.Equal([DeviceEventKind.Scanned, DeviceEventKind.Confirmed, DeviceEventKind.Paired], await World.EventsAsync(after));
        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(moved.SessionToken));
    }

    [Fact]
    public async Task ClaimAsync_QuarantinedDeviceOfOnesOwn_IsRefused()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await World.QuarantineAsync(phone.PairingId);

        Assert.IsType<ClaimOutcome.DeviceQuarantined>(await ClaimForAsync(user, phone.DeviceId));
    }

    [Fact]
    public async Task ClaimAsync_QuarantinedDeviceOfAnother_IsRefused()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.QuarantineAsync(phone.PairingId);

        Assert.IsType<ClaimOutcome.DeviceBelongsToAnother>(await ClaimForAsync(await World.NewPersonAsync(), phone.DeviceId));
    }

    [Theory, InlineData("revoked"), InlineData("expired"), InlineData("active")]
    public async Task CollectAsync_OnesOwnDevice_RevivesItsRowWithANewToken(string how)
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await EndAsync(user, phone, how);

        var again = await World.PairAsync(user, phone.DeviceId);

        Assert.Equal(phone.PairingId, again.PairingId);
        Assert.NotEqual(phone.SessionToken, again.SessionToken);
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(again.SessionToken));
        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
        Assert.Equal(1, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_permissions WHERE "devicePairingId" = $1""", phone.PairingId));
        Assert.Equal(2, (await World.EventsAsync(user)).Count(e => e == DeviceEventKind.Paired));
    }

    [Fact]
    public async Task CollectAsync_PairedByAnotherSinceTheClaim_IsRefused()
    {
        var (mine, other) = (await World.NewPersonAsync(), await World.NewPersonAsync());
        var request = PairingWorld.Scan(await World.NewCodeAsync(mine));
        var claim = await World.ConfirmedAsync(mine, request);
        await World.PairAsync(other, request.DeviceId);

        Assert.IsType<CollectOutcome.DeviceBelongsToAnother>(await World.CollectAsync(claim));

        Assert.IsType<CollectOutcome.DeviceBelongsToAnother>(await World.CollectAsync(claim));
        var status = await World.Confirmation.FindAsync(mine, claim.SessionId, Token);
        Assert.Equal((PairingStage.Refused, PairingEnds.DeviceBelongsToAnother), (status!.Stage, status.EndReason));
    }

    [Fact]
    public async Task CollectAsync_QuarantinedSinceTheClaim_IsRefused()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)) with { DeviceId = phone.DeviceId });
        await World.QuarantineAsync(phone.PairingId);

        Assert.IsType<CollectOutcome.DeviceQuarantined>(await World.CollectAsync(claim));
        Assert.IsType<CollectOutcome.DeviceQuarantined>(await World.CollectAsync(claim));
    }

    [Fact]
    public async Task CollectAsync_QuarantinedInTheSameMoment_IsRefused()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)) with { DeviceId = phone.DeviceId });
        await using var guard = await Store.Owner.OpenConnectionAsync(Token);
        await using var quarantine = await guard.BeginTransactionAsync(Token);
        await Sql.RunAsync(guard, """UPDATE public.device_pairings SET "isActive" = false WHERE id = $1""", phone.PairingId);
        await Sql.RunAsync(guard, """INSERT INTO portal.device_state ("pairingId", reason) VALUES ($1, 'test')""", phone.PairingId);

        var collecting = Task.Run(() => World.CollectAsync(claim), Token);
        await World.WaitForBlockedAsync();
        await quarantine.CommitAsync(Token);

        Assert.IsType<CollectOutcome.DeviceQuarantined>(await collecting);
    }

    [Fact]
    public async Task CollectAsync_TwoPeopleForOneNewDeviceAtOnce_OneGetsIt()
    {
        var (one, two) = (await World.NewPersonAsync(), await World.NewPersonAsync());
        for (var round = 0; round < 5; round++)
        {
            var deviceId = PairingWorld.NewDeviceId();
            var first = await World.ConfirmedAsync(one, PairingWorld.Scan(await World.NewCodeAsync(one)) with { DeviceId = deviceId });
            var second = await World.ConfirmedAsync(two, PairingWorld.Scan(await World.NewCodeAsync(two)) with { DeviceId = deviceId });

            var outcomes = await AtOnceAsync(2, i => World.CollectAsync(i == 0 ? first : second));

            Assert.Single(outcomes, o => o is CollectOutcome.Paired);
            Assert.Single(outcomes, o => o is CollectOutcome.DeviceBelongsToAnother);
        }
    }

    private async Task<ClaimOutcome> ClaimForAsync(Core.Activity.Actor user, string deviceId) =>
        await World.ClaimAsync(PairingWorld.Scan(await World.NewCodeAsync(user)) with { DeviceId = deviceId });

    private async Task EndAsync(Core.Activity.Actor owner, PairedPhone phone, string how)
    {
        if (how == "revoked")
            Assert.IsType<DeviceActOutcome.Done>(await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token));
        else if (how == "expired")
            await World.ExecuteAsync("""UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' - interval '1 second' WHERE id = $1""", phone.PairingId);
    }
}
