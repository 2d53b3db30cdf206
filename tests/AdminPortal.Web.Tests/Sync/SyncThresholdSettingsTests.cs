using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>Thresholds are judged by before they hold, set once, kept and on record.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncThresholdSettingsTests(ApiPortal portal)
{
    private static readonly Actor Admin = new("admin", "Ada", AccountRole.Admin, null, null);
    private static readonly Actor Support = new("support", "Sam", AccountRole.Support, null, null);

    private SyncThresholdSettings Settings => portal.Portal.Services.GetRequiredService<SyncThresholdSettings>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Simulate_CountsByTheDraft_AndChangesNothing()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync(), "9.9");
        (await phone.PullAsync()).Data();
        (await phone.PullAsync()).Data();
        await phone.ExecuteAsync("UPDATE public.devices SET \"pushToken\" = 'token' WHERE \"deviceId\" = $1", phone.DeviceId);
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"pushTokenAt\" = now() - interval '19 days 12 hours', \"clockSkewSeconds\" = 0 WHERE \"deviceId\" = $1", phone.DeviceId);

        // Half a day on either side: devices of other tests stand near other thresholds.
        var usual = (await Settings.SimulateAsync(Support, SyncThresholds.Default with { PushTokenDays = 20 }, Token))!;
        var strict = (await Settings.SimulateAsync(Support, SyncThresholds.Default with { PushTokenDays = 19 }, Token))!;

        Assert.Equal(usual.GetValueOrDefault(SyncVerdict.NoPushToken)?.Number ?? 0, strict[SyncVerdict.NoPushToken].Number - 1);
        Assert.Equal(SyncThresholds.Default, await Settings.ReadAsync(Token));
        Assert.Null(await Settings.SimulateAsync(Support, SyncThresholds.Default with { Failures = 0 }, Token));
        Assert.Null(await Settings.SimulateAsync(new Actor("u", "Ben", AccountRole.User, "b", null), SyncThresholds.Default, Token));
    }

    [Fact]
    public async Task Set_ByAnAdmin_HoldsAndIsOnRecord_AndTheSecondOfTwoIsTold()
    {
        var (usual, mine) = (SyncThresholds.Default, SyncThresholds.Default with { ConflictDays = 8, ClockMinutes = 6 });
        try
        {
            Assert.IsType<ThresholdOutcome.NotAllowed>(await Settings.SetAsync(Support, mine, usual, Token));
            Assert.IsType<ThresholdOutcome.Done>(await Settings.SetAsync(Admin, mine, usual, Token));
            Assert.Equal(mine, Assert.IsType<ThresholdOutcome.ChangedMeanwhile>(await Settings.SetAsync(Admin, usual with { Failures = 9 }, usual, Token)).Current);
            Assert.Equal(mine, await Settings.ReadAsync(Token));
        }
        finally
        {
            Assert.IsType<ThresholdOutcome.Done>(await Settings.SetAsync(Admin, usual, mine, Token));
        }

        await using var db = await portal.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        var told = await db.AuditEvents.Where(e => e.Action == "sync.thresholds-set").OrderBy(e => e.Id).Select(e => e.Reason).ToListAsync(Token);
        Assert.Equal(["conflictDays 7 → 8, clockMinutes 5 → 6", "conflictDays 8 → 7, clockMinutes 6 → 5"], told);
    }

    [Theory]
    [InlineData(0, 7, 30, 75, "“Failed requests in a row” must be from 1 to 100 requests.")]
    [InlineData(101, 7, 30, 75, "“Failed requests in a row” must be from 1 to 100 requests.")]
    [InlineData(3, 30, 30, 75, "The days of silence must rise: silent, silent for long, must reload soon.")]
    [InlineData(3, 7, 75, 75, "The days of silence must rise: silent, silent for long, must reload soon.")]
    public async Task Set_OutOfRange_IsRefusedInWords(int failures, int stale, int dormant, int fullRead, string message)
    {
        var wrong = SyncThresholds.Default with { Failures = failures, StaleDays = stale, DormantDays = dormant, FullReadDays = fullRead };

        Assert.Equal(message, Assert.IsType<ThresholdOutcome.Invalid>(await Settings.SetAsync(Admin, wrong, SyncThresholds.Default, Token)).Message);
    }
}
