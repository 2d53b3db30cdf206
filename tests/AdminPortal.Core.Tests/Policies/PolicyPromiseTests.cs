using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>What an owner was told holds, whatever becomes of the settings.</summary>
public sealed class PolicyPromiseTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly PolicySettings.Unseen InAMonth = new(60, 30, UnseenAct.Quarantine);

    [Fact]
    public async Task Run_TermsBecameHarsher_TellsAnewAndActsOnlyWhenThatTimeIsUp()
    {
        var phone = await ToldAsync(InAMonth, "2 days");
        await SwitchOnAsync(new PolicySettings.Unseen(60, 1, UnseenAct.Revoke));

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 1, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal("active", await StateAsync(phone));
        Assert.Equal(2, await NoticesAsync(phone));
        await WarnedAsync(phone, "23 hours");
        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 0, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));

        await WarnedAsync(phone, "1 day");
        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 0, 1), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal("revoked", await StateAsync(phone));
    }

    [Theory]
    [InlineData(UnseenAct.Quarantine)]
    [InlineData(UnseenAct.Revoke)]
    public async Task Run_NoWarningIsWantedAnyMore_StillTellsWhoWasPromisedTime(UnseenAct act)
    {
        var phone = await ToldAsync(InAMonth, "2 days");
        await SwitchOnAsync(new PolicySettings.Unseen(60, 0, act));

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 1, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal("active", await StateAsync(phone));
    }

    [Fact]
    public async Task Run_SwitchedOffAndOnWithoutAWarning_StillTellsWhoWasPromisedTime()
    {
        var phone = await ToldAsync(InAMonth, "2 days");
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, InAMonth, false, 1, null, Token));
        await SwitchOnAsync(new PolicySettings.Unseen(60, 0, UnseenAct.Revoke));

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 1, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal("active", await StateAsync(phone));
    }

    [Fact]
    public async Task Run_TermsBecameMilder_KeepsToTheMilderOnes()
    {
        var phone = await ToldAsync(new PolicySettings.Unseen(60, 1, UnseenAct.Revoke), "2 days");
        await SwitchOnAsync(InAMonth);

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 0, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        await WarnedAsync(phone, "30 days");
        Assert.Equal(1, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);
        Assert.Equal("quarantined", await StateAsync(phone));
    }

    [Fact]
    public async Task Run_ReleasedAndStillUnseen_TellsAnew()
    {
        var phone = await ToldAsync(InAMonth, "30 days");
        await World.PolicyRun.RunAsync(Token);
        await World.Devices.ReleaseAsync(Admin, phone.PairingId, "It lies in the safe.", Token);

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 1, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal("active", await StateAsync(phone));
    }

    [Fact]
    public async Task ToldAsync_AfterTermsBecameHarsher_SaysHowManyWereToldWhat()
    {
        await ToldAsync(InAMonth, "2 days");
        var used = await ToldAsync(InAMonth, "2 days");
        await UnseenAsync(used, "1 hour");

        var told = Assert.Single(await World.PolicyList.ToldAsync(Admin, PolicyNames.Unseen, Token));

        Assert.Equal((UnseenAct.Quarantine, 1), (told.Act, told.Devices));
        Assert.InRange((told.First - TimeProvider.System.GetUtcNow()).TotalDays, 27.9, 28.1);
        Assert.Empty(await World.PolicyList.ToldAsync(Admin with { Role = Data.Accounts.AccountRole.User }, PolicyNames.Unseen, Token));
    }

    /// <summary>A device that was unseen long enough, whose owner was told so long ago.</summary>
    private async Task<PairedPhone> ToldAsync(PolicySettings.Unseen settings, string ago)
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "100 days");
        await SwitchOnAsync(settings);
        Assert.Equal(1, Assert.Single(await World.PolicyRun.RunAsync(Token)).Warned);
        await WarnedAsync(phone, ago);
        return phone;
    }

    private Task<long> NoticesAsync(PairedPhone phone) =>
        World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = 'policy-warning'""", phone.PairingId);
}
