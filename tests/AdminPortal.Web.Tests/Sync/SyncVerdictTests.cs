using System.Globalization;
using System.Net;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Sync;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>Each verdict by a real history over the API, with only time and thresholds put in by hand, and what it says.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncVerdictTests(ApiPortal portal)
{
    [Fact]
    public async Task Verdict_OfAPhoneThatHasEverything_IsHealthy()
    {
        var phone = await NewPhoneAsync();
        await phone.NewTaskAsync();
        await phone.InStepAsync();

        await ShouldBeAsync(phone, SyncVerdict.Healthy, "Anna’s iPhone is in sync: it had everything just now.");
    }

    [Fact]
    public async Task Verdict_OfAPhoneThatOnlyRegistered_IsNeverSynced() =>
        await ShouldBeAsync(await NewPhoneAsync(), SyncVerdict.NeverSynced, "Anna’s iPhone has never synced: it registered, and has sent and received nothing.");

    [Fact]
    public async Task Verdict_OfARevokedPhone_IsEnded()
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        await phone.ExecuteAsync("UPDATE public.device_pairings SET \"isActive\" = false WHERE \"deviceId\" = $1", phone.DeviceId);

        await ShouldBeAsync(phone, SyncVerdict.Ended, "no longer syncs: it was revoked.");
    }

    [Fact]
    public async Task Verdict_OfAPhoneThatAnotherPersonPaired_IsEndedForTheFirst()
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        (await phone.Person.Api.DeleteAsync($"/api/qr/pair/{phone.DeviceId}")).Data();
        await portal.PairAsync(await portal.NewPersonAsync(), phone.DeviceId);

        await ShouldBeAsync(phone, SyncVerdict.Ended, "another person paired it");
    }

    [Theory]
    [InlineData(2, SyncVerdict.Healthy)]
    [InlineData(3, SyncVerdict.SignInFailing)]
    public async Task Verdict_AfterRefusalsInARow(int refusals, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        await phone.ExecuteAsync("UPDATE public.devices SET \"userId\" = $2 WHERE \"deviceId\" = $1", phone.DeviceId, (await portal.NewPersonAsync()).Id);
        for (var i = 0; i < refusals; i++)
            (await phone.PullAsync()).IsProblem(HttpStatusCode.Forbidden, "device-not-yours");
        await phone.ExecuteAsync("UPDATE public.devices SET \"userId\" = $2 WHERE \"deviceId\" = $1", phone.DeviceId, phone.Person.Id);

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.Healthy ? "is in sync" : "has not been able to sign in since");
    }

    [Fact]
    public async Task Verdict_OfAnOldApp_IsOutdated_NotASignInThatFails()
    {
        var phone = await NewPhoneAsync("1.3");
        await phone.PushStateAsync(pending: 0);
        await WithMinimumAsync("1.5", async () =>
        {
            for (var i = 0; i < 3; i++)
                (await phone.PushStateAsync(pending: 7, oldest: TimeSpan.FromMinutes(1))).IsProblem(HttpStatusCode.Forbidden, "app-version-unsupported");

            await ShouldBeAsync(phone, SyncVerdict.Outdated, "Anna’s iPhone has not sent anything since", ": its app 1.3 is older than the minimum 1.5; 7 changes wait on the device.");
        });
    }

    [Theory]
    [InlineData("1.4.9", "1.5", true)]
    [InlineData("1.5", "1.5.0", false)]
    [InlineData("1.10", "1.9", false)]
    [InlineData("1.9-beta", "1.10", true)]
    public async Task Verdict_ByVersions_IsWhatTheProtocolDoes(string app, string minimum, bool outdated)
    {
        var phone = await NewPhoneAsync(app);
        await phone.InStepAsync();
        await WithMinimumAsync(minimum, async () =>
        {
            Assert.Equal(outdated ? HttpStatusCode.Forbidden : HttpStatusCode.OK, (await phone.PullAsync()).Status);
            Assert.Equal(outdated, (await phone.StandingAsync()).Is(SyncVerdict.Outdated));
        });
    }

    [Theory]
    [InlineData(61, 3, SyncVerdict.StuckUploading)]
    [InlineData(59, 3, SyncVerdict.CatchingUp)]
    [InlineData(61, 2, SyncVerdict.CatchingUp)]
    public async Task Verdict_WhenTheSameChangesWait(int minutes, int reports, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        for (var i = 0; i < reports; i++)
            (await phone.PushStateAsync(pending: 7, oldest: TimeSpan.FromMinutes(minutes))).Data();

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.CatchingUp ? "7 changes wait on the device" : "has not been able to send 7 changes since", expected == SyncVerdict.CatchingUp ? "" : "; it tried 3 times, last just now.");
    }

    [Fact]
    public async Task Verdict_WhenLessWaitsEachTime_IsCatchingUp()
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        foreach (var pending in (int[])[9, 8, 7, 6, 5])
            (await phone.PushStateAsync(pending, TimeSpan.FromHours(5))).Data();

        await ShouldBeAsync(phone, SyncVerdict.CatchingUp, "5 changes wait on the device");
    }

    /// <summary>A phone whose clock is a day slow says that the oldest change is of yesterday, when it is of now.</summary>
    [Fact]
    public async Task Verdict_WithAWrongClock_JudgesAgesByTheServers()
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        for (var i = 0; i < 4; i++)
            (await phone.PushStateAsync(pending: 2, oldest: TimeSpan.FromMinutes(5), clock: TimeSpan.FromDays(-1))).Data();

        var standing = await phone.StandingAsync();
        Assert.Equal(SyncVerdict.CatchingUp, standing.Verdict);
        Assert.True(standing.Is(SyncVerdict.ClockWrong));
    }

    [Theory]
    [InlineData(59, SyncVerdict.CatchingUp)]
    [InlineData(61, SyncVerdict.StuckDownloading)]
    public async Task Verdict_OfAPhoneThatTriesAndLacksAChange(int minutes, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        var tablet = await SyncPhone.PairAsync(portal, phone.Person);
        await phone.InStepAsync();
        await tablet.NewTaskAsync();
        await phone.ExecuteAsync("UPDATE sync.changes SET \"changedAt\" = now() - make_interval(mins => $2) WHERE \"userId\" = $1", phone.Person.Id, minutes);
        (await phone.PushStateAsync(pending: 0)).Data();

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.CatchingUp ? "is catching up: it is 1 change behind (has 0 of 1)" : "is 1 change behind (has 0 of 1) since");
    }

    [Theory]
    [InlineData(2, SyncVerdict.Healthy)]
    [InlineData(3, SyncVerdict.StuckDownloading)]
    public async Task Verdict_AfterFailuresInARow(int failures, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        for (var i = 0; i < failures; i++)
            (await phone.PullAsync("bm90LW91cnM")).IsProblem(HttpStatusCode.Conflict, "cursor-reset");

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.Healthy ? "is in sync" : "it was refused 3 times in a row, last just now", expected == SyncVerdict.Healthy ? "" : "has not been able to sync since");
    }

    [Fact]
    public async Task Verdict_AfterAPoisonOperation_IsRejected()
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        await phone.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), ""));

        await ShouldBeAsync(phone, SyncVerdict.Rejected, "syncs, but 1 change was refused.");
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(8, false)]
    public async Task Verdict_AfterAConflict_HoldsForBothForAWeek(int days, bool expected)
    {
        var (phone, tablet) = (await NewPhoneAsync(), (SyncPhone?)null);
        tablet = await SyncPhone.PairAsync(portal, phone.Person);
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { title = "The tablet's" }));
        await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "The phone's" }));
        await phone.ExecuteAsync("UPDATE sync.conflicts SET at = now() - make_interval(days => $2) WHERE \"userId\" = $1", phone.Person.Id, days);

        Assert.Equal((expected, expected), ((await phone.StandingAsync()).Is(SyncVerdict.Rejected), (await tablet.StandingAsync()).Is(SyncVerdict.Rejected)));
    }

    [Theory]
    [InlineData(6, SyncVerdict.Healthy)]
    [InlineData(8, SyncVerdict.Stale)]
    [InlineData(29, SyncVerdict.Stale)]
    [InlineData(31, SyncVerdict.Dormant)]
    [InlineData(74, SyncVerdict.Dormant)]
    [InlineData(76, SyncVerdict.FullReadDue)]
    public async Task Verdict_ByDaysOfSilence(int days, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"lastSuccessAt\" = now() - make_interval(days => $2) WHERE \"deviceId\" = $1", phone.DeviceId, days);

        await ShouldBeAsync(phone, expected, string.Create(CultureInfo.InvariantCulture, $"was last in contact {days} days ago"), expected == SyncVerdict.Healthy ? "had everything then" : "");
    }

    /// <summary>A tablet that was silent for days, cannot be woken and has a wrong clock: nobody says that it syncs, and the person is told to open the app first.</summary>
    [Fact]
    public async Task Verdict_OfASilentDevice_NeverSaysThatItSyncs()
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        await phone.ExecuteAsync("UPDATE public.devices SET \"pushToken\" = NULL WHERE \"deviceId\" = $1", phone.DeviceId);
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"lastSuccessAt\" = '2026-11-24 12:19+00', \"clockSkewSeconds\" = -3960 WHERE \"deviceId\" = $1", phone.DeviceId);
        var standing = await phone.StandingAsync() with { ContactAt = new DateTimeOffset(2026, 11, 24, 12, 19, 0, TimeSpan.Zero), Verdict = SyncVerdict.Healthy };
        var words = SyncSpeech.Of(new ViewerClock(new DateTimeOffset(2026, 11, 29, 13, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc), TimeProvider.System);

        var sentence = words.ForSupport(standing);

        Assert.EndsWith(
            "was last in contact 5 days ago (Tue 24 Nov, 12:19 UTC), and had everything then. It has no push token, so it cannot be woken. Its clock is 66 minutes slow.", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("sync", sentence, StringComparison.Ordinal);
        Assert.Contains("Open the app while the device is online. Allow notifications for the app. Set its time automatically.", words.ForPerson(standing), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(31, true)]
    public async Task Mark_ByTheAgeOfThePushToken(int days, bool expected)
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"pushTokenAt\" = now() - make_interval(days => $2) WHERE \"deviceId\" = $1", phone.DeviceId, days);

        await ShouldBeMarkedAsync(phone, SyncVerdict.NoPushToken, expected, "Its push token is 31 days old");
    }

    [Fact]
    public async Task Mark_WithoutAPushToken_StandsBesideTheVerdict()
    {
        var phone = await NewPhoneAsync();
        await phone.InStepAsync();
        (await phone.RegisterAsync(pushToken: null)).Data();

        await ShouldBeMarkedAsync(phone, SyncVerdict.NoPushToken, true, "It has no push token");
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(6, true)]
    [InlineData(-6, true)]
    public async Task Mark_ByTheClock(int minutes, bool expected)
    {
        var phone = await NewPhoneAsync();
        await phone.PushStateAsync(pending: 0, clock: TimeSpan.FromMinutes(minutes));
        await phone.PullAllAsync();

        await ShouldBeMarkedAsync(phone, SyncVerdict.ClockWrong, expected, minutes > 0 ? "Its clock is" : "slow");
    }

    private async Task<SyncPhone> NewPhoneAsync(string appVersion = "1.5.0") => await SyncPhone.PairAsync(portal, await portal.NewPersonAsync(), appVersion);

    /// <summary>The minimum is one for everybody: tests of other classes of this collection do not run meanwhile.</summary>
    private async Task WithMinimumAsync(string minimum, Func<Task> test)
    {
        await using var database = await portal.OpenAsync();
        await database.ExecuteAsync("UPDATE sync.meta SET \"minimumAppVersion\" = $1", minimum);
        try
        {
            await test();
        }
        finally
        {
            await database.ExecuteAsync("UPDATE sync.meta SET \"minimumAppVersion\" = NULL");
        }
    }

    /// <summary>In sync, with or without the mark beside it; the list finds it by either.</summary>
    private async Task ShouldBeMarkedAsync(SyncPhone phone, SyncVerdict mark, bool expected, string said)
    {
        await ShouldBeAsync(phone, SyncVerdict.Healthy, "is in sync", expected ? said : "");
        Assert.Equal(expected, (await phone.StandingAsync()).Is(mark));
        var marked = await portal.Portal.Services.GetRequiredService<SyncStatusList>().ListAsync(SyncPhone.Support, new SyncStatusQuery(phone.DeviceId, mark), TestContext.Current.CancellationToken);
        Assert.Equal(expected, marked.Rows.Any(row => row.DeviceId == phone.DeviceId));
    }

    private async Task ShouldBeAsync(SyncPhone phone, SyncVerdict verdict, params string[] said)
    {
        var standing = await phone.StandingAsync();
        Assert.Equal(verdict, standing.Verdict);
        var sentence = new SyncWords(at => at.ToString("HH:mm", CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow()).ForSupport(standing);
        Assert.All(said, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        var own = await portal.Portal.Services.GetRequiredService<SyncStatusList>().ListAsync(SyncPhone.Support, new SyncStatusQuery(phone.DeviceId, verdict), TestContext.Current.CancellationToken);
        Assert.Contains(own.Rows, row => row.DeviceId == phone.DeviceId);
    }
}
