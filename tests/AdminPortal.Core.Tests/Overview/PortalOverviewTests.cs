using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Overview;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Tests.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Overview;

/// <summary>The first page's numbers over twenty thousand devices: exact where counting is cheap, near the truth where it is not.</summary>
public sealed class PortalOverviewTests(Crowd crowd) : IClassFixture<Crowd>
{
    private static readonly Actor Support = new("s", "Support", AccountRole.Support, null, null);
    private readonly PortalOverview overview = new(crowd.Targets, new SyncStatusList(crowd.Targets));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_FewRows_AreCounted()
    {
        await using var db = crowd.Targets.CreateDbContext();
        var pairings = db.DevicePairings.AsNoTracking();

        var facts = (await overview.ReadAsync(Support, Token))!;

        Assert.Equal(new Tally(Crowd.Pairings / 10), facts.Users);
        Assert.Equal(await Exactly(pairings.Where(p => p.IsActive && p.ExpiresAt <= DatabaseClock.UtcNow())), facts.Expired);
        Assert.Equal(await Exactly(pairings.Where(p => p.State != null)), facts.Quarantined);
        Assert.Equal(await Exactly(pairings.Where(p => !p.IsActive && p.State == null)), facts.Revoked);
        Assert.Equal(await Exactly(pairings.Where(p => p.CreatedAt > DatabaseClock.UtcNow().AddDays(-7))), facts.PairedThisWeek);
        Assert.Equal(await Exactly(pairings.Where(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow() && p.ExpiresAt < DatabaseClock.UtcNow().AddDays(7))), facts.EndingSoonCount);
        Assert.Equal(facts.SyncProblems.Number, PortalOverview.Problems.Sum(v => facts.Verdicts.GetValueOrDefault(v, new Tally(0)).Number));
    }

    [Fact]
    public async Task ReadAsync_TwentyThousandRows_AreCountedAsTheListsCountThem()
    {
        await using var db = crowd.Targets.CreateDbContext();
        var working = await db.DevicePairings.CountAsync(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow(), Token);
        var synced = await db.Devices.CountAsync(Token);

        var facts = (await overview.ReadAsync(Support, Token))!;

        Assert.Equal(new Tally(working), facts.Active);
        Assert.Equal(new Tally(synced), facts.SyncDevices);
    }

    [Fact]
    public async Task SyncProblems_AreThoseWhoseVerdictNeedsSomebody()
    {
        var found = await new NewestProblems(crowd.Targets).ReadAsync(Support, Token);

        Assert.All(found, row => Assert.Contains(row.Verdict, PortalOverview.Problems));
        Assert.Empty(await new NewestProblems(crowd.Targets).ReadAsync(new Actor("u", "Ben", AccountRole.User, "b", null), Token));
    }

    [Fact]
    public async Task ReadAsync_ForAUser_IsNothing() => Assert.Null(await overview.ReadAsync(new Actor("u", "Ben", AccountRole.User, "b", null), Token));

    private static async Task<Tally> Exactly(IQueryable<DevicePairing> rows) => new(await rows.CountAsync(Token));
}
