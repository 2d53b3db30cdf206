using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Devices;

/// <summary>What a bearer's token is worth, from one request to the next.</summary>
public sealed class DeviceTokensTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task AuthenticateAsync_Paired_IsValid()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);

        var valid = Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));

        Assert.Equal((phone.PairingId, phone.DeviceId, user.UserId), (valid.PairingId, valid.DeviceId, valid.UserId));
    }

    [Fact]
    public async Task AuthenticateAsync_Paired_TellsTheDeviceAsItsOwnersListDoes()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await World.ExecuteAsync("""DELETE FROM public.device_permissions WHERE "devicePairingId" = $1""", phone.PairingId);
        await World.ExecuteAsync(
            """
            INSERT INTO public.device_permissions (id, "devicePairingId", permission, "expiresAt", "updatedAt")
            SELECT gen_random_uuid(), $1, s::"PermissionScope", now() AT TIME ZONE 'utc' + e, now()
            FROM (VALUES ('VIEW_TRANSCRIPT', NULL), ('WRITE_NOTES', interval '1 hour'), ('READ_PATIENT_DATA', interval '-1 second')) v(s, e)
            """, phone.PairingId);
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "lastSeenAt" = now() AT TIME ZONE 'utc' - interval '1 hour' WHERE id = $1""", phone.PairingId);

        var device = Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken)).Device;

        var listed = Assert.Single(await new PairedDevices(World.Databases).OfUserAsync(user.UserId!, Token));
        Assert.Equal(listed with { Permissions = [] }, device with { Permissions = [] });
        Assert.Equal(listed.Permissions, device.Permissions);
        Assert.Equal([PermissionScope.WriteNotes, PermissionScope.ViewTranscript], device.Permissions.Select(p => p.Scope));
        Assert.All([device.LastSeenAt, device.ExpiresAt, device.CreatedAt, device.Permissions[0].GrantedAt], at => Assert.Equal(DateTimeKind.Utc, at.Kind));
    }

    [Fact]
    public async Task AuthenticateAsync_NoScopeInForce_IsValidWithoutPermissions()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "expiresAt" = now() AT TIME ZONE 'utc' WHERE "devicePairingId" = $1""", phone.PairingId);

        Assert.Empty(Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken)).Device.Permissions);
    }

    [Fact]
    public async Task AuthenticateAsync_StoredHashOrOtherText_IsUnknown()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());

        Assert.IsType<DeviceTokenOutcome.Unknown>(await World.AuthenticateAsync(PairingSecrets.TokenHash(phone.SessionToken)));
        Assert.IsType<DeviceTokenOutcome.Unknown>(await World.AuthenticateAsync(phone.SessionToken + "x"));
        Assert.IsType<DeviceTokenOutcome.Unknown>(await World.AuthenticateAsync(""));
    }

    [Fact]
    public async Task AuthenticateAsync_Quarantined_IsQuarantined()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.QuarantineAsync(phone.PairingId);

        Assert.IsType<DeviceTokenOutcome.Quarantined>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task AuthenticateAsync_PastItsExpiry_IsExpired()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' - interval '1 second' WHERE id = $1""", phone.PairingId);

        Assert.IsType<DeviceTokenOutcome.Expired>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task AuthenticateAsync_RevokedAndCleanedUp_IsStillRevoked()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await World.Devices.RevokeAsync(user, phone.PairingId, null, Token);
        await World.ExecuteAsync("DELETE FROM public.device_pairings WHERE id = $1", phone.PairingId);

        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Theory]
    [InlineData(-120, true)]
    [InlineData(-50, false)]
    [InlineData(300, false)]
    public async Task AuthenticateAsync_SeenBefore_MovesLastSeenForwardAfterAMinute(int seconds, bool moves)
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "lastSeenAt" = now() AT TIME ZONE 'utc' + $2 WHERE id = $1""", phone.PairingId, TimeSpan.FromSeconds(seconds));
        var before = await LastSeenAsync(phone);

        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));

        var after = await LastSeenAsync(phone);
        Assert.Equal(moves, after > before);
        Assert.True(after >= before);
    }

    [Fact]
    public async Task AuthenticateAsync_RevokedTokenKeepsCalling_UsesUpItsOwnLimitOnly()
    {
        var world = NewWorld(options => options.Limits.CallsPerRevokedDevice = 3);
        var user = await world.NewPersonAsync();
        var (dead, other, alive) = (await world.PairAsync(user), await world.PairAsync(user), await world.PairAsync(user));
        await world.Devices.RevokeAllOthersAsync(user, user.UserId!, alive.PairingId, null, Token);
        for (var i = 0; i < 3; i++)
            Assert.IsType<DeviceTokenOutcome.Revoked>(await world.AuthenticateAsync(dead.SessionToken));

        var refused = Assert.IsType<DeviceTokenOutcome.TooMany>(await world.AuthenticateAsync(dead.SessionToken));

        Assert.InRange(refused.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.IsType<DeviceTokenOutcome.Revoked>(await world.AuthenticateAsync(other.SessionToken));
        for (var i = 0; i < 20; i++)
            Assert.IsType<DeviceTokenOutcome.Valid>(await world.AuthenticateAsync(alive.SessionToken));
    }

    private Task<DateTime> LastSeenAsync(PairedPhone phone) =>
        World.ScalarAsync<DateTime>("""SELECT "lastSeenAt" FROM public.device_pairings WHERE id = $1""", phone.PairingId);
}
