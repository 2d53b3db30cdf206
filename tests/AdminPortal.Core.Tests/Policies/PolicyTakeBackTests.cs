using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>What the policy revoked can be taken back for a day, where the token has not been replaced.</summary>
public sealed class PolicyTakeBackTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly PolicySettings.Unseen Revoke = new(60, 0, UnseenAct.Revoke);

    private PolicyTakeBack Revocations => new(World.Databases, new AuditLog(World.Accounts));

    [Fact]
    public async Task TakeBack_RevokedByThePolicy_WorksAgainWithItsTokenAndPermissions()
    {
        var owner = await World.NewPersonAsync();
        var phone = await RevokedAsync(owner);
        Assert.Equal(1, await Revocations.CountAsync(Admin, Token));

        Assert.Equal(1, await Revocations.TakeBackAsync(Admin, Token));

        Assert.Equal(0, await Revocations.CountAsync(Admin, Token));
        Assert.Contains(DeviceEventKind.Released, await World.EventsAsync(owner));
        var valid = Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));
        Assert.NotEmpty(valid.Device.Permissions);
    }

    [Fact]
    public async Task TakeBack_ThenTheNextRun_TellsTheOwnerAndDoesNotRevokeAtOnce()
    {
        var phone = await RevokedAsync(await World.NewPersonAsync());
        await Revocations.TakeBackAsync(Admin, Token);

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 1, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal("active", await StateAsync(phone));
    }

    [Fact]
    public async Task TakeBack_PairedAgainMeanwhile_LeavesTheNewTokenAlone()
    {
        var owner = await World.NewPersonAsync();
        var old = await RevokedAsync(owner);
        await World.PairAsync(owner, old.DeviceId);

        Assert.Equal(0, await Revocations.TakeBackAsync(Admin, Token));
        Assert.IsNotType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(old.SessionToken));
    }

    [Fact]
    public async Task TakeBack_RevokedByAPerson_StaysRevoked()
    {
        var owner = await World.NewPersonAsync();
        var again = await RevokedAsync(owner);
        await Revocations.TakeBackAsync(Admin, Token);
        await World.Devices.RevokeAsync(owner, again.PairingId, null, Token); // after it was taken back
        var other = await World.PairAsync(owner);
        await World.Devices.RevokeAsync(owner, other.PairingId, null, Token);

        Assert.Equal(0, await Revocations.TakeBackAsync(Admin, Token));
        Assert.Equal(("revoked", "revoked"), (await StateAsync(again), await StateAsync(other)));
    }

    [Fact]
    public async Task TakeBack_MoreThanADayAgo_IsTooLate()
    {
        await RevokedAsync(await World.NewPersonAsync());
        await World.ExecuteAsync("""UPDATE portal.policy_warnings SET "actedAt" = "actedAt" - interval '1 day'""");
        await World.ExecuteAsync("""UPDATE portal.token_history SET "endedAt" = "endedAt" - interval '1 day'""");

        Assert.Equal(0, await Revocations.TakeBackAsync(Admin, Token));
    }

    [Theory]
    [InlineData(AccountRole.Support)]
    [InlineData(AccountRole.User)]
    public async Task TakeBack_ByOthers_DoesNothing(AccountRole role)
    {
        var phone = await RevokedAsync(await World.NewPersonAsync());

        Assert.Equal((0, 0), (await Revocations.CountAsync(Admin with { Role = role }, Token), await Revocations.TakeBackAsync(Admin with { Role = role }, Token)));
        Assert.Equal("revoked", await StateAsync(phone));
    }

    [Fact]
    public async Task TakeBack_MoreThanABatch_TakesAllBack()
    {
        await AddManyAsync(1203, "61 days");
        await SwitchOnAsync(Revoke, confirmed: 1203);
        Assert.Equal(1203, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);

        Assert.Equal(1203, await Revocations.TakeBackAsync(Admin, Token));
        Assert.Equal(1203, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "isActive" """));
    }

    private async Task<PairedPhone> RevokedAsync(Actor owner)
    {
        var phone = await World.PairAsync(owner);
        await UnseenAsync(phone, "61 days");
        await SwitchOnAsync(Revoke);
        Assert.Equal(1, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);
        return phone;
    }
}
