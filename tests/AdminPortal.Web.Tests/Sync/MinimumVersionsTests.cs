using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>The simulator names whom a minimum would stop; setting it stops them, once, and is on record.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class MinimumVersionsTests(ApiPortal portal)
{
    private static readonly Actor Admin = new("admin", "Ada", AccountRole.Admin, null, null);
    private static readonly Actor Support = new("support", "Sam", AccountRole.Support, null, null);

    private MinimumVersions Minimums => portal.Portal.Services.GetRequiredService<MinimumVersions>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Simulate_NamesTheDevicesBelow_AndChangesNothing()
    {
        var (before, people) = ((await Minimums.SimulateAsync(Support, "0.2", Token))!, await portal.NewPersonAsync());
        await SyncPhone.PairAsync(portal, people, "0.1.9");
        await SyncPhone.PairAsync(portal, people, "0.2.0");
        var old = await SyncPhone.PairAsync(portal, people, "0.1");
        (await old.PushAsync([], new { pending = 7, oldestPendingAt = DateTimeOffset.UnixEpoch.AddYears(60), rejected = 0 })).Data();

        var after = (await Minimums.SimulateAsync(Support, "0.2", Token))!;

        Assert.Equal((2, 1, 7L), (after.Devices - before.Devices, after.People - before.People, after.Waiting - before.Waiting));
        Assert.Equal(("0.1", 7), (after.First.Single(d => d.DeviceId == old.DeviceId).AppVersion, after.First.Single(d => d.DeviceId == old.DeviceId).Pending));
        Assert.Null(await Minimums.ReadAsync(Token));
        Assert.Null(await Minimums.SimulateAsync(Support, "new", Token));
        Assert.Null(await Minimums.SimulateAsync(new Actor("u", "Ben", AccountRole.User, "b", null), "1", Token));
    }

    [Fact]
    public async Task Set_ByAnAdmin_HoldsAndIsOnRecord_AndTheSecondOfTwoIsTold()
    {
        try
        {
            Assert.IsType<MinimumOutcome.NotAllowed>(await Minimums.SetAsync(Support, "0.3", null, Token));
            Assert.IsType<MinimumOutcome.Invalid>(await Minimums.SetAsync(Admin, "newest", null, Token));
            Assert.IsType<MinimumOutcome.Done>(await Minimums.SetAsync(Admin, " 0.3 ", null, Token));
            Assert.Equal("0.3", Assert.IsType<MinimumOutcome.ChangedMeanwhile>(await Minimums.SetAsync(Admin, "0.4", null, Token)).Current);
            Assert.Equal("0.3", await Minimums.ReadAsync(Token));
            var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync(), "0.2.9");
            (await phone.PullAsync()).IsProblem(System.Net.HttpStatusCode.Forbidden, "app-version-unsupported");
        }
        finally
        {
            Assert.IsType<MinimumOutcome.Done>(await Minimums.SetAsync(Admin, null, "0.3", Token));
        }

        await using var db = await portal.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        var told = await db.AuditEvents.Where(e => e.Action == "sync.minimum-version-set").OrderBy(e => e.Id).Select(e => e.Reason).ToListAsync(Token);
        Assert.Equal(["none → 0.3", "0.3 → none"], told);
    }
}
