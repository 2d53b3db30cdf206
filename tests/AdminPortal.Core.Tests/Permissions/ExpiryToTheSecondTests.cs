using AdminPortal.Core.Devices;
using AdminPortal.Core.Introspection;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Core.Users;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Tests.Permissions;

/// <summary>Every reader lets a grant go at the second it ends, by the database's clock and without any job having run.</summary>
public sealed class ExpiryToTheSecondTests(PairingDatabases databases) : PairingTest(databases)
{
    [Theory]
    [InlineData("interval '1 second'", 0)] // a whole second ago
    [InlineData("interval '0 seconds'", 0)] // at its very end
    [InlineData("interval '-30 seconds'", 1)] // it has half a minute left
    public async Task Grant_AroundItsEnd_IsReadTheSameEverywhere(string ago, int expected)
    {
        var owner = await World.NewPersonAsync();
        var support = await World.NewPersonAsync(AccountRole.Support);
        var phone = await World.PairAsync(owner);
        await World.ExecuteAsync($"""UPDATE public.device_permissions SET "expiresAt" = now() AT TIME ZONE 'utc' - {ago} WHERE "devicePairingId" = $1""", phone.PairingId);

        Assert.Equal(expected, (await HeldAsync(phone)).Count);
        Assert.Equal(expected, (await new TokenIntrospection(World.Tokens).IntrospectAsync(phone.SessionToken, Token))!.Scopes.Count);
        Assert.Equal(expected, Assert.Single(await new PairedDevices(World.Databases).OfUserAsync(owner.UserId!, Token)).Permissions.Count);
        Assert.Equal(expected, Assert.Single(await new DeviceList(World.Databases).OfUserAsync(owner, owner.UserId!, Token)).ScopesInForce);
        var listed = await new DeviceList(World.Databases).ListAsync(support, new DeviceQuery(new DeviceFilter(phone.DeviceId)), Token);
        Assert.Equal(expected, Assert.Single(listed.Rows).ScopesInForce);
        var detail = await new DeviceDetails(World.Databases).FindAsync(owner, phone.PairingId, Token);
        Assert.Equal(expected == 1, Assert.Single(detail!.Permissions).InForce);
        Assert.Equal(expected, detail.Device.ScopesInForce);
        Assert.Equal(expected, (await Users.FindAsync(support, owner.UserId!, Token))!.ScopesByPairing[phone.PairingId].Count());
        Assert.Equal(expected, (await World.Queue.EndingAsync(owner, null, 50, Token)).Rows.Count);
    }

    private UserDetails Users => new(World.Databases, new UserList(World.Databases), new DeviceList(World.Databases), new SyncStatusList(World.Databases));

    [Fact]
    public async Task Grant_WhileAPersonWatches_EndsWithinTheSecond()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "expiresAt" = now() AT TIME ZONE 'utc' + interval '1 second' WHERE "devicePairingId" = $1""", phone.PairingId);
        Assert.Single(await HeldAsync(phone));

        // Read until it is gone; the database itself says how far past the end that was.
        while ((await HeldAsync(phone)).Count > 0)
            await Task.Delay(20, Token);

        var late = await World.ScalarAsync<double>(
            """SELECT extract(epoch FROM now() AT TIME ZONE 'utc' - "expiresAt")::float8 FROM public.device_permissions WHERE "devicePairingId" = $1""", phone.PairingId);
        Assert.InRange(late, 0, 1);
    }

    /// <summary>What the device itself is told when it calls.</summary>
    private async Task<IReadOnlyList<PairedPermission>> HeldAsync(PairedPhone phone) =>
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken)).Device.Permissions;
}
