using System.Diagnostics;
using AdminPortal.Core.Lists;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Lists;

/// <summary>Counting many rows: exact while it is quick, else what the planner expects, and never a wait.</summary>
public sealed class TallyAtSizeTests(Crowd crowd) : IClassFixture<Crowd>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfAsync_RowsThatAreCountedQuickly_IsExact()
    {
        await using var db = crowd.Targets.CreateDbContext();

        Assert.Equal(new Tally(Crowd.Pairings), await Tally.OfAsync(db.DevicePairings, 4_700, Long, Token));
    }

    [Fact]
    public async Task OfAsync_RowsThatTakeLong_IsWhatIsExpected_AndTheConnectionGoesOn()
    {
        await using var db = crowd.Targets.CreateDbContext();
        await db.Database.OpenConnectionAsync(Token);
        var slow = db.DevicePairings.FromSql($"SELECT p.* FROM public.device_pairings p, LATERAL (SELECT pg_sleep(0.01 + 0 * length(p.id))) s");
        var watch = Stopwatch.StartNew();

        Assert.Equal(new Tally(4_700, IsAbout: true), await Tally.OfAsync(slow, 4_700, TimeSpan.FromMilliseconds(200), Token));

        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(20)); // and not the 200 s that counting takes
        Assert.Equal(new Tally(Crowd.Pairings), await Tally.OfAsync(db.DevicePairings, 4_700, Long, Token));
    }

    [Fact]
    public async Task OfAsync_SurelyMany_IsNotCounted()
    {
        await using var db = crowd.Targets.CreateDbContext();

        Assert.Equal(new Tally(1_000_000, IsAbout: true), await Tally.OfAsync(db.DevicePairings, 1_000_000, Long, Token));
    }

    [Fact]
    public async Task OfAsync_CancelledByTheReader_IsCancelled()
    {
        await using var db = crowd.Targets.CreateDbContext();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tally.OfAsync(db.DevicePairings, 4_700, Long, gone.Token));
    }
}
