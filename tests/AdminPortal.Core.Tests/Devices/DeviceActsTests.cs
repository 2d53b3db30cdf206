using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Tests.Devices;

/// <summary>Ending and renaming devices: who may, and what happens when two do.</summary>
public sealed class DeviceActsTests(PairingDatabases databases) : PairingTest(databases)
{
    private static Actor Itself(PairedPhone phone) => new($"device:{phone.PairingId}", "The device itself", null, null, null);

    [Theory]
    [InlineData("owner", typeof(DeviceActOutcome.Done))]
    [InlineData("admin", typeof(DeviceActOutcome.Done))]
    [InlineData("device", typeof(DeviceActOutcome.Done))]
    [InlineData("support", typeof(DeviceActOutcome.NotAllowed))]
    [InlineData("stranger", typeof(DeviceActOutcome.NotFound))]
    [InlineData("another device", typeof(DeviceActOutcome.NotFound))]
    [InlineData("another device of the owner", typeof(DeviceActOutcome.NotFound))]
    [InlineData("nobody", typeof(DeviceActOutcome.NotFound))]
    public async Task RevokeAsync_ByWhom_DecidesTheOutcome(string who, Type expected)
    {
        var (owner, phone) = await PairedAsync();
        var actor = await ActorAsync(who, owner, phone);

        Assert.IsType(expected, await World.Devices.RevokeAsync(actor, phone.PairingId, "lost", Token));

        var done = expected == typeof(DeviceActOutcome.Done);
        Assert.IsType(done ? typeof(DeviceTokenOutcome.Revoked) : typeof(DeviceTokenOutcome.Valid), await World.AuthenticateAsync(phone.SessionToken));
        Assert.Equal(done, (await World.EventsAsync(owner)).Contains(DeviceEventKind.Revoked));
        Assert.Equal(done, await World.ScalarAsync<string>("""SELECT reason FROM portal.token_history WHERE "pairingId" = $1""", phone.PairingId) == "revoked");
    }

    [Fact]
    public async Task RevokeAsync_Always_WritesWhoAndWhy()
    {
        var (_, phone) = await PairedAsync();
        var admin = await World.NewPersonAsync(AccountRole.Admin);

        await World.Devices.RevokeAsync(admin, phone.PairingId, " lost in the tram ", Token);

        Assert.Equal(
            $"{admin.Id}|{admin.Name}|Admin|{admin.Address}|lost in the tram|{phone.DeviceId}",
            await World.ScalarAsync<string>("""SELECT concat_ws('|', "actorId", "actorName", "actorRole", address, reason, "deviceId") FROM portal.device_events WHERE "pairingId" = $1 AND kind = 'revoked'""", phone.PairingId));
    }

    [Fact]
    public async Task RevokeAsync_Twice_SaysWhoWasFirst()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);

        var late = Assert.IsType<DeviceActOutcome.AlreadyEnded>(await World.Devices.RevokeAsync(await World.NewPersonAsync(AccountRole.Admin), phone.PairingId, null, Token));

        Assert.Equal(owner.Name, late.By);
        Assert.NotNull(late.At);
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.Revoked);
    }

    [Fact]
    public async Task RevokeAsync_TwoAdminsAtOnce_OneIsDone()
    {
        var (owner, phone) = await PairedAsync();
        Actor[] admins = [await World.NewPersonAsync(AccountRole.Admin), await World.NewPersonAsync(AccountRole.Admin)];

        var outcomes = await AtOnceAsync(10, i => World.Devices.RevokeAsync(admins[i % 2], phone.PairingId, null, Token));

        Assert.Single(outcomes, o => o is DeviceActOutcome.Done);
        Assert.Equal(9, outcomes.Count(o => o is DeviceActOutcome.AlreadyEnded { By: not null }));
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.Revoked);
    }

    [Fact]
    public async Task RevokeAsync_Quarantined_EndsIt()
    {
        var (owner, phone) = await PairedAsync();
        await World.QuarantineAsync(phone.PairingId);

        Assert.IsType<DeviceActOutcome.Done>(await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token));

        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_state WHERE "pairingId" = $1""", phone.PairingId));
    }

    [Fact]
    public async Task RevokeAsync_QuarantinedInTheSameMoment_EndsIt()
    {
        var (owner, phone) = await PairedAsync();
        await using var guard = await Store.Owner.OpenConnectionAsync(Token);
        await using var quarantine = await guard.BeginTransactionAsync(Token);
        await Sql.RunAsync(guard, """UPDATE public.device_pairings SET "isActive" = false WHERE id = $1""", phone.PairingId);
        await Sql.RunAsync(guard, """INSERT INTO portal.device_state ("pairingId", reason) VALUES ($1, 'test')""", phone.PairingId);

        var revoking = Task.Run(() => World.Devices.RevokeAsync(owner, phone.PairingId, null, Token), Token);
        await World.WaitForBlockedAsync();
        await quarantine.CommitAsync(Token);

        Assert.IsType<DeviceActOutcome.Done>(await revoking);
        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Theory]
    [InlineData("x", 501)]
    [InlineData("\0", 1)]
    public async Task RevokeAsync_ReasonCannotBeKept_IsInvalid(string letter, int count)
    {
        var (owner, phone) = await PairedAsync();
        var reason = string.Concat(Enumerable.Repeat(letter, count));

        Assert.IsType<DeviceActOutcome.Invalid>(await World.Devices.RevokeAsync(owner, phone.PairingId, reason, Token));
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task RevokeAllOthersAsync_KeepingOne_EndsTheRest()
    {
        var (owner, kept) = await PairedAsync();
        var others = new[] { await World.PairAsync(owner), await World.PairAsync(owner) };
        await World.QuarantineAsync(others[1].PairingId);
        var (_, strangers) = await PairedAsync();

        Assert.Equal(2, await World.Devices.RevokeAllOthersAsync(owner, owner.UserId!, kept.PairingId, "new phone", Token));

        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(kept.SessionToken));
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(strangers.SessionToken));
        foreach (var other in others)
            Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(other.SessionToken));
        Assert.Equal(0, await World.Devices.RevokeAllOthersAsync(owner, owner.UserId!, kept.PairingId, null, Token));
    }

    [Theory]
    [InlineData("admin", 1)]
    [InlineData("support", 0)]
    [InlineData("stranger", 0)]
    [InlineData("device", 0)]
    [InlineData("another device of the owner", 0)]
    public async Task RevokeAllOthersAsync_ByWhom_DecidesHowMany(string who, int expected)
    {
        var (owner, phone) = await PairedAsync();

        Assert.Equal(expected, await World.Devices.RevokeAllOthersAsync(await ActorAsync(who, owner, phone), owner.UserId!, null, null, Token));
    }

    [Theory]
    [InlineData("owner", typeof(DeviceActOutcome.Done))]
    [InlineData("admin", typeof(DeviceActOutcome.Done))]
    [InlineData("support", typeof(DeviceActOutcome.NotAllowed))]
    [InlineData("device", typeof(DeviceActOutcome.NotAllowed))]
    [InlineData("stranger", typeof(DeviceActOutcome.NotFound))]
    public async Task RenameAsync_ByWhom_DecidesTheOutcome(string who, Type expected)
    {
        var (owner, phone) = await PairedAsync();

        Assert.IsType(expected, await World.Devices.RenameAsync(await ActorAsync(who, owner, phone), phone.PairingId, " Ward phone ", Token));

        var done = expected == typeof(DeviceActOutcome.Done);
        Assert.Equal(done ? "Ward phone" : "Test phone", await World.ScalarAsync<string>("""SELECT "deviceName" FROM public.device_pairings WHERE id = $1""", phone.PairingId));
        Assert.Equal(done ? "Test phone → Ward phone" : null, await World.ScalarAsync<string>("""SELECT detail FROM portal.device_events WHERE "pairingId" = $1 AND kind = 'renamed'""", phone.PairingId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\tb")]
    [InlineData("a\0")]
    [InlineData("123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 1")]
    public async Task RenameAsync_BadName_IsInvalid(string name)
    {
        var (owner, phone) = await PairedAsync();

        Assert.IsType<DeviceActOutcome.Invalid>(await World.Devices.RenameAsync(owner, phone.PairingId, name, Token));
    }

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
        "device" => Itself(phone),
        "another device" => Itself(await World.PairAsync(await World.NewPersonAsync())),
        "another device of the owner" => Itself(await World.PairAsync(owner)) with { UserId = owner.UserId },
        "nobody" => Actor.Anonymous(null),
        _ => await World.NewPersonAsync(),
    };
}
