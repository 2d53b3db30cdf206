using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Notices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Notices;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>What people hear of policies: once for all their devices, in the right words.</summary>
public sealed class PolicyNoticeTests(PairingDatabases databases) : NoticesTest(databases)
{
    private static readonly Actor Admin = new("admin", "The admin", AccountRole.Admin, null, null);

    [Fact]
    public async Task Shortened_TwoDevicesOfOnePerson_IsToldOnceAndAsDone()
    {
        var told = await AfterAsync(new PolicySettings.LongestPairing(30, ShortenExisting: true), NoticeKind.PairingShortened);

        Assert.Equal(2, told.Count);
        Assert.Equal("A policy shortened the pairings of 2 of your devices: 30 days are left. Pair again to go on after that.", told.Text.Sentence);
    }

    [Theory]
    [InlineData(14, NoticeKind.PolicyWarning)]
    [InlineData(0, NoticeKind.DeviceQuarantined)]
    public async Task Unseen_TwoDevicesOfOnePerson_IsToldOnce(int days, string kind)
    {
        var told = await AfterAsync(new PolicySettings.Unseen(60, days, UnseenAct.Quarantine), kind);

        Assert.Equal(2, told.Count);
    }

    /// <summary>The one notice of this kind that the owner of two devices gets, both unseen for 61 days and paired for 90.</summary>
    private async Task<NoticeRow> AfterAsync(PolicySettings settings, string kind)
    {
        await World.ExecuteAsync("DELETE FROM portal.device_policies");
        await World.ExecuteAsync("DELETE FROM public.device_pairings");
        var owner = await World.NewPersonAsync();
        await World.PairAsync(owner);
        await World.PairAsync(owner);
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "lastSeenAt" = now() AT TIME ZONE 'utc' - interval '61 days' """);
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, settings, true, 0, null, Token));
        await World.PolicyRun.RunAsync(Token);
        return Assert.Single(await ToldAsync(owner), n => n.Kind == kind);
    }
}
