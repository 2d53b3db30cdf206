using System.Globalization;
using System.Net;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>Each verdict by a real history over the API, with only time and thresholds put in by hand, and what it says.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncVerdictTests(ApiPortal portal)
{
    private static readonly Actor Support = new("support", "Sam", AccountRole.Support, null, null);

    [Fact]
    public async Task Verdict_OfAPhoneThatHasEverything_IsHealthy()
    {
        var phone = await NewPhoneAsync();
        await phone.NewTaskAsync();
        await InStepAsync(phone);

        await ShouldBeAsync(phone, SyncVerdict.Healthy, "Anna’s iPhone is in sync: it had everything at");
    }

    [Fact]
    public async Task Verdict_OfAPhoneThatOnlyRegistered_IsNeverSynced() =>
        await ShouldBeAsync(await NewPhoneAsync(), SyncVerdict.NeverSynced, "Anna’s iPhone has never synced: it registered, and has sent and fetched nothing.");

    [Fact]
    public async Task Verdict_OfAPhoneWhosePairingWasEnded_IsEnded()
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        await phone.ExecuteAsync("UPDATE public.device_pairings SET \"isActive\" = false WHERE \"deviceId\" = $1", phone.DeviceId);

        await ShouldBeAsync(phone, SyncVerdict.Ended, "does not sync any more: its pairing was ended.");
    }

    [Fact]
    public async Task Verdict_OfAPhoneThatAnotherPersonPaired_IsEndedForTheFirst()
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
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
        await InStepAsync(phone);
        await phone.ExecuteAsync("UPDATE public.devices SET \"userId\" = $2 WHERE \"deviceId\" = $1", phone.DeviceId, (await portal.NewPersonAsync()).Id);
        for (var i = 0; i < refusals; i++)
            (await phone.PullAsync()).IsProblem(HttpStatusCode.Forbidden, "device-not-yours");
        await phone.ExecuteAsync("UPDATE public.devices SET \"userId\" = $2 WHERE \"deviceId\" = $1", phone.DeviceId, phone.Person.Id);

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.Healthy ? "is in sync" : "was turned away 3 times in a row, last at");
    }

    [Fact]
    public async Task Verdict_OfAnOldApp_IsOutdated_NotTurnedAway()
    {
        var phone = await NewPhoneAsync("1.3");
        await PushAsync(phone, pending: 0);
        await WithMinimumAsync("1.5", async () =>
        {
            for (var i = 0; i < 3; i++)
                (await PushAsync(phone, pending: 7, oldest: TimeSpan.FromMinutes(1))).IsProblem(HttpStatusCode.Forbidden, "app-version-unsupported");

            await ShouldBeAsync(phone, SyncVerdict.Outdated, "Anna’s iPhone stopped uploading at", ": its app 1.3 is below the minimum 1.5; 7 changes wait on the device.");
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
        await InStepAsync(phone);
        await WithMinimumAsync(minimum, async () =>
        {
            Assert.Equal(outdated ? HttpStatusCode.Forbidden : HttpStatusCode.OK, (await phone.PullAsync()).Status);
            Assert.Equal(outdated, (await StandingAsync(phone)).Is(SyncVerdict.Outdated));
        });
    }

    [Theory]
    [InlineData(61, 3, SyncVerdict.StuckUploading)]
    [InlineData(59, 3, SyncVerdict.CatchingUp)]
    [InlineData(61, 2, SyncVerdict.CatchingUp)]
    public async Task Verdict_WhenTheSameChangesWait(int minutes, int reports, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        for (var i = 0; i < reports; i++)
            (await PushAsync(phone, pending: 7, oldest: TimeSpan.FromMinutes(minutes))).Data();

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.CatchingUp ? "7 changes wait on the device" : "does not get rid of 7 changes since", expected == SyncVerdict.CatchingUp ? "" : ": 3 attempts changed nothing.");
    }

    [Fact]
    public async Task Verdict_WhenLessWaitsEachTime_IsCatchingUp()
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        foreach (var pending in (int[])[9, 8, 7, 6, 5])
            (await PushAsync(phone, pending, TimeSpan.FromHours(5))).Data();

        await ShouldBeAsync(phone, SyncVerdict.CatchingUp, "5 changes wait on the device");
    }

    /// <summary>A phone whose clock is a day slow says that the oldest change is of yesterday, when it is of now.</summary>
    [Fact]
    public async Task Verdict_WithAWrongClock_JudgesAgesByTheServers()
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        for (var i = 0; i < 4; i++)
            (await PushAsync(phone, pending: 2, oldest: TimeSpan.FromMinutes(5), clock: TimeSpan.FromDays(-1))).Data();

        var standing = await StandingAsync(phone);
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
        await InStepAsync(phone);
        await tablet.NewTaskAsync();
        await phone.ExecuteAsync("UPDATE sync.changes SET \"changedAt\" = now() - make_interval(mins => $2) WHERE \"userId\" = $1", phone.Person.Id, minutes);
        (await PushAsync(phone, pending: 0)).Data();

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.CatchingUp ? "is catching up: it has confirmed version 0 of 1" : "does not get the newest: it has confirmed version 0 of 1");
    }

    [Theory]
    [InlineData(2, SyncVerdict.Healthy)]
    [InlineData(3, SyncVerdict.StuckDownloading)]
    public async Task Verdict_AfterFailuresInARow(int failures, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        for (var i = 0; i < failures; i++)
            (await phone.PullAsync("bm90LW91cnM")).IsProblem(HttpStatusCode.Conflict, "cursor-reset");

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.Healthy ? "is in sync" : "failed 3 times in a row, last at", expected == SyncVerdict.Healthy ? "" : "(cursor-reset)");
    }

    [Fact]
    public async Task Verdict_AfterAPoisonOperation_IsRejected()
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        await phone.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), ""));

        await ShouldBeAsync(phone, SyncVerdict.Rejected, "syncs, but 1 change was refused for good.");
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

        Assert.Equal((expected, expected), ((await StandingAsync(phone)).Is(SyncVerdict.Rejected), (await StandingAsync(tablet)).Is(SyncVerdict.Rejected)));
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
        await InStepAsync(phone);
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"lastSuccessAt\" = now() - make_interval(days => $2) WHERE \"deviceId\" = $1", phone.DeviceId, days);

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.Healthy ? "is in sync" : string.Create(CultureInfo.InvariantCulture, $"was last in contact {days} days ago"));
    }

    [Theory]
    [InlineData(29, SyncVerdict.Healthy)]
    [InlineData(31, SyncVerdict.NoPushToken)]
    public async Task Verdict_ByTheAgeOfThePushToken(int days, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"pushTokenAt\" = now() - make_interval(days => $2) WHERE \"deviceId\" = $1", phone.DeviceId, days);

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.Healthy ? "is in sync" : "its push token is 31 days old");
    }

    [Fact]
    public async Task Verdict_WithoutAPushToken_IsThat()
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        (await phone.RegisterAsync(pushToken: null)).Data();

        await ShouldBeAsync(phone, SyncVerdict.NoPushToken, "has no push token");
    }

    [Theory]
    [InlineData(4, SyncVerdict.Healthy)]
    [InlineData(6, SyncVerdict.ClockWrong)]
    [InlineData(-6, SyncVerdict.ClockWrong)]
    public async Task Verdict_ByTheClock(int minutes, SyncVerdict expected)
    {
        var phone = await NewPhoneAsync();
        await PushAsync(phone, pending: 0, clock: TimeSpan.FromMinutes(minutes));
        await phone.PullAllAsync();

        await ShouldBeAsync(phone, expected, expected == SyncVerdict.Healthy ? "is in sync" : minutes > 0 ? "its clock is" : "slow");
    }

    [Fact]
    public async Task Threshold_ThatAnAdminChanged_Holds()
    {
        var phone = await NewPhoneAsync();
        await InStepAsync(phone);
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"clockSkewSeconds\" = 400 WHERE \"deviceId\" = $1", phone.DeviceId);
        await using var owner = await portal.OpenAsync();
        try
        {
            await owner.ExecuteAsync("""UPDATE sync.meta SET thresholds = '{"clockMinutes": 7, "staleDays": -1, "failures": "x"}'""");
            Assert.Equal(SyncVerdict.Healthy, (await StandingAsync(phone)).Verdict);
        }
        finally
        {
            await owner.ExecuteAsync("UPDATE sync.meta SET thresholds = '{}'");
        }

        Assert.Equal(SyncVerdict.ClockWrong, (await StandingAsync(phone)).Verdict);
    }

    [Fact]
    public async Task Counts_OfEveryVerdict_AreThoseOfTheListFilteredByIt()
    {
        var person = await portal.NewPersonAsync();
        await SyncPhone.PairAsync(portal, person);
        await InStepAsync(await SyncPhone.PairAsync(portal, person));
        await InStepAsync(await SyncPhone.PairAsync(portal, person));
        var list = portal.Portal.Services.GetRequiredService<SyncStatusList>();
        var query = new SyncStatusQuery(Search: $"{person.Id}@example.org");

        var counts = await list.CountAsync(Support, query, TestContext.Current.CancellationToken);

        Assert.Equal(3, counts.Values.Sum(c => c.Number));
        foreach (var verdict in Enum.GetValues<SyncVerdict>())
            Assert.Equal(counts.GetValueOrDefault(verdict)?.Number ?? 0, (await list.ListAsync(Support, query with { Verdict = verdict }, TestContext.Current.CancellationToken)).Rows.Count);
    }

    private async Task<SyncPhone> NewPhoneAsync(string appVersion = "1.5.0") => await SyncPhone.PairAsync(portal, await portal.NewPersonAsync(), appVersion);

    /// <summary>Sends that nothing waits, and reads to the end.</summary>
    private static async Task InStepAsync(SyncPhone phone)
    {
        (await PushAsync(phone, pending: 0)).Data();
        await phone.PullAllAsync((await phone.PullAllAsync()).Cursor);
    }

    private static Task<ApiAnswer> PushAsync(SyncPhone phone, int pending, TimeSpan? oldest = null, TimeSpan clock = default)
    {
        var now = TimeProvider.System.GetUtcNow() + clock;
        return phone.Api.PostAsync("/api/sync/push", new { schemaVersion = 1, sentAt = now, state = new { pending, oldestPendingAt = now - oldest, rejected = 0 }, ops = Array.Empty<object>() });
    }

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

    private async Task<SyncStanding> StandingAsync(SyncPhone phone) => (await portal.Portal.Services.GetRequiredService<SyncStatusList>()
        .OfUserAsync(Support, phone.Person.Id, TestContext.Current.CancellationToken)).Single(s => s.DeviceId == phone.DeviceId);

    private async Task ShouldBeAsync(SyncPhone phone, SyncVerdict verdict, params string[] said)
    {
        var standing = await StandingAsync(phone);
        Assert.Equal(verdict, standing.Verdict);
        var sentence = new SyncWords(at => at.ToString("HH:mm", CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow()).ForSupport(standing);
        Assert.All(said, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        var own = await portal.Portal.Services.GetRequiredService<SyncStatusList>().ListAsync(Support, new SyncStatusQuery(phone.DeviceId, verdict), TestContext.Current.CancellationToken);
        Assert.Contains(own.Rows, row => row.DeviceId == phone.DeviceId);
    }
}
