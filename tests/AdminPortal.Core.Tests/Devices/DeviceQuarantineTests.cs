using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Devices;

/// <summary>Suspending and releasing devices: who may, what comes back, and what happens when two act at once.</summary>
public sealed class DeviceQuarantineTests(PairingDatabases databases) : PairingTest(databases)
{
    [Theory]
    [InlineData("owner", typeof(DeviceActOutcome.Done))]
    [InlineData("admin", typeof(DeviceActOutcome.Done))]
    [InlineData("support", typeof(DeviceActOutcome.NotAllowed))]
    [InlineData("device", typeof(DeviceActOutcome.NotAllowed))]
    [InlineData("stranger", typeof(DeviceActOutcome.NotFound))]
    [InlineData("nobody", typeof(DeviceActOutcome.NotFound))]
    public async Task QuarantineAsync_ByWhom_DecidesTheOutcome(string who, Type expected)
    {
        var (owner, phone) = await PairedAsync();

        Assert.IsType(expected, await World.Devices.QuarantineAsync(await ActorAsync(who, owner, phone), phone.PairingId, "lost", Token));

        var done = expected == typeof(DeviceActOutcome.Done);
        Assert.IsType(done ? typeof(DeviceTokenOutcome.Quarantined) : typeof(DeviceTokenOutcome.Valid), await World.AuthenticateAsync(phone.SessionToken));
        Assert.Equal(done, (await World.EventsAsync(owner)).Contains(DeviceEventKind.Quarantined));
        Assert.Equal(done ? 1 : 0, await NoticesAsync(phone, "device-quarantined"));
    }

    [Theory]
    [InlineData("owner", "owner", true)]
    [InlineData("admin", "admin", true)]
    [InlineData("owner", "admin", true)]
    [InlineData("admin", "owner", false)]
    [InlineData("owner", "support", false)]
    [InlineData("owner", "stranger", false)]
    [InlineData("owner", "device", false)]
    public async Task ReleaseAsync_ByWhom_DecidesTheOutcome(string suspender, string releaser, bool released)
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.QuarantineAsync(await ActorAsync(suspender, owner, phone), phone.PairingId, "lost", Token);

        var outcome = await World.Devices.ReleaseAsync(await ActorAsync(releaser, owner, phone), phone.PairingId, "found", Token);

        Assert.Equal(released, outcome is DeviceActOutcome.Done);
        Assert.IsType(released ? typeof(DeviceTokenOutcome.Valid) : typeof(DeviceTokenOutcome.Quarantined), await World.AuthenticateAsync(phone.SessionToken));
        Assert.Equal(released ? 1 : 0, await NoticesAsync(phone, "device-released"));
    }

    [Fact]
    public async Task ReleaseAsync_Quarantined_GivesBackWhatItHad()
    {
        var (owner, phone) = await PairedAsync();
        var before = await PairingAsync(phone);
        await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);

        await World.Devices.ReleaseAsync(owner, phone.PairingId, null, Token);

        Assert.Equal(before, await PairingAsync(phone));
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.token_history WHERE "pairingId" = $1""", phone.PairingId));
    }

    [Fact]
    public async Task ReleaseAsync_RanOutMeanwhile_SaysSo()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' - interval '1 second' WHERE id = $1""", phone.PairingId);

        Assert.IsType<DeviceActOutcome.ReleasedExpired>(await World.Devices.ReleaseAsync(owner, phone.PairingId, null, Token));

        Assert.IsType<DeviceTokenOutcome.Expired>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task QuarantineAsync_TwoAdminsAtOnce_OneIsDoneAndTheOthersHearWhoWasFirst()
    {
        var (owner, phone) = await PairedAsync();
        Actor[] admins = [await World.NewPersonAsync(AccountRole.Admin), await World.NewPersonAsync(AccountRole.Admin)];

        var outcomes = await AtOnceAsync(10, i => World.Devices.QuarantineAsync(admins[i % 2], phone.PairingId, "lost", Token));

        Assert.Single(outcomes, o => o is DeviceActOutcome.Done);
        Assert.Equal(9, outcomes.Count(o => o is DeviceActOutcome.AlreadyQuarantined { By: not null, Reason: "lost" }));
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.Quarantined);
    }

    [Fact]
    public async Task ReleaseAsync_TwoAdminsAtOnce_OneIsDoneAndTheOthersHearWhoWasFirst()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);
        Actor[] admins = [await World.NewPersonAsync(AccountRole.Admin), await World.NewPersonAsync(AccountRole.Admin)];

        var outcomes = await AtOnceAsync(10, i => World.Devices.ReleaseAsync(admins[i % 2], phone.PairingId, null, Token));

        Assert.Single(outcomes, o => o is DeviceActOutcome.Done);
        Assert.Equal(9, outcomes.Count(o => o is DeviceActOutcome.NotQuarantined { By: not null }));
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.Released);
    }

    [Fact]
    public async Task ReleaseAsync_AndRevokeAtOnce_EndsInTheStateOfTheLast()
    {
        for (var round = 0; round < 5; round++)
        {
            var (owner, phone) = await PairedAsync();
            var admin = await World.NewPersonAsync(AccountRole.Admin);
            await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);

            var outcomes = await AtOnceAsync(2, i => i == 0
                ? World.Devices.ReleaseAsync(admin, phone.PairingId, null, Token)
                : World.Devices.RevokeAsync(admin, phone.PairingId, null, Token));

            Assert.IsType<DeviceActOutcome.Done>(outcomes[1]); // released or not, it could be ended
            Assert.True(outcomes[0] is DeviceActOutcome.Done or DeviceActOutcome.AlreadyEnded, outcomes[0].ToString());
            Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
            Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_state WHERE "pairingId" = $1""", phone.PairingId));
        }
    }

    [Fact]
    public async Task QuarantineAsync_Ended_IsAlreadyEnded()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);

        var late = Assert.IsType<DeviceActOutcome.AlreadyEnded>(await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token));

        Assert.Equal(owner.Name, late.By);
        Assert.IsType<DeviceActOutcome.AlreadyEnded>(await World.Devices.ReleaseAsync(owner, phone.PairingId, null, Token));
        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task QuarantineAsync_WhileAnewCodeIsCollected_NeverLeavesAWorkingToken()
    {
        var (owner, phone) = await PairedAsync();
        var code = PairingWorld.Scan(await World.NewCodeAsync(owner)) with { DeviceId = phone.DeviceId };
        var claim = await World.ConfirmedAsync(owner, code);

        var collecting = World.CollectAsync(claim);
        var quarantined = await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);
        var collected = await collecting;

        Assert.IsType<DeviceActOutcome.Done>(quarantined);
        if (collected is CollectOutcome.Paired paired)
            Assert.IsType<DeviceTokenOutcome.Quarantined>(await World.AuthenticateAsync(paired.Device.SessionToken));
        else
            Assert.IsType<CollectOutcome.DeviceQuarantined>(collected);
    }

    [Fact]
    public async Task ReplaceAsync_Quarantined_ChangesNothing()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);

        Assert.IsType<PermissionOutcome.NotActive>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, [new ScopeGrant(PermissionScope.ViewTranscript)], Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\0")]
    public async Task QuarantineAsync_NoReason_IsInvalid(string reason)
    {
        var (owner, phone) = await PairedAsync();

        Assert.IsType<DeviceActOutcome.Invalid>(await World.Devices.QuarantineAsync(owner, phone.PairingId, reason, Token));
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task RevokeAsync_Quarantined_StartsTheReceiptAnew()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);
        await World.ExecuteAsync("""UPDATE portal.token_history SET "callsSince" = 7, "acknowledgedAt" = now() WHERE "pairingId" = $1""", phone.PairingId);

        await World.Devices.RevokeAsync(owner, phone.PairingId, "not found", Token);

        Assert.Equal("revoked|0|", await World.ScalarAsync<string>("""SELECT reason || '|' || "callsSince" || '|' || coalesce("acknowledgedAt"::text, '') FROM portal.token_history WHERE "pairingId" = $1""", phone.PairingId));
        Assert.Equal("Test phone", await World.ScalarAsync<string>("""SELECT "deviceTitle" FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = 'device-revoked'""", phone.PairingId));
    }

    [Fact]
    public async Task RevokeAsync_OpenRequest_IsVoid()
    {
        var (owner, phone) = await PairedAsync();
        await World.ExecuteAsync("""INSERT INTO portal.permission_requests (id, "pairingId", "userId", scope, state) VALUES ($1, $1, $2, 'VIEW_TRANSCRIPT', 'open')""", phone.PairingId, owner.UserId!);

        await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);

        Assert.Equal("void", await World.ScalarAsync<string>("""SELECT state FROM portal.permission_requests WHERE "pairingId" = $1""", phone.PairingId));
    }

    private Task<long> NoticesAsync(PairedPhone phone, string kind) =>
        World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = $2 AND "deviceTitle" = 'Test phone'""", phone.PairingId, kind);

    private Task<string?> PairingAsync(PairedPhone phone) => World.ScalarAsync<string>(
        """
        SELECT concat_ws('|', "sessionToken", "expiresAt", "isActive", (SELECT string_agg(g.permission || ' ' || g."grantedAt", ',') FROM public.device_permissions g WHERE g."devicePairingId" = p.id))
        FROM public.device_pairings p WHERE id = $1
        """, phone.PairingId);

    private async Task<(Actor Owner, PairedPhone Phone)> PairedAsync()
    {
        var owner = await World.NewPersonAsync();
        return (owner, await World.PairAsync(owner));
    }

    private async Task<Actor> ActorAsync(string who, Actor owner, PairedPhone phone) => who switch
    {
        "owner" => owner,
        "admin" => await World.NewPersonAsync(AccountRole.Admin),
        "support" => await World.NewPersonAsync(AccountRole.Support),
        "device" => new Actor($"device:{phone.PairingId}", "The device itself", null, null, null),
        "nobody" => Actor.Anonymous(null),
        _ => await World.NewPersonAsync(),
    };
}
