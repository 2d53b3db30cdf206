using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Tests.Pairing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Monitoring;

/// <summary>Figures on a real portal database: added up over instances, in every grain, and forgotten in time.</summary>
public sealed class FigureStoreTests(PairingDatabases databases) : PairingTest(databases), IAsyncLifetime
{
    private FigureStore Figures => new(World.Accounts);

    public async ValueTask InitializeAsync() => await ExecuteAsync("DELETE FROM portal.figures");

    [Fact]
    public async Task AddAsync_TwoInstances_AreOneSumInEveryGrain()
    {
        await Figures.AddAsync(One("t", new FigureSum(2, 3, 2, Buckets(5))), Token);
        await new FigureStore(NewWorld().Accounts).AddAsync(One("t", new FigureSum(1, 7, 7, Buckets(6))), Token);

        foreach (var range in MonitoringRange.All)
        {
            var stored = (await Figures.ReadAsync(["t"], null, range, Token)).ByName["t"].Values.ToList();
            var sum = stored.Aggregate((one, two) => one.Merge(two)); // two, when a minute ended between the writes
            Assert.Equal((3, 10, 7), (sum.Count, sum.Sum, sum.Max));
            Assert.Equal((1, 1, 2), (sum.Buckets![5], sum.Buckets[6], sum.Buckets.Sum()));
        }
    }

    [Fact]
    public async Task AddAsync_LevelWithoutBuckets_StaysWithout()
    {
        await Figures.AddAsync(One("level", new FigureSum(1, 4, 4)), Token);
        await Figures.AddAsync(One("level", new FigureSum(1, 6, 6)), Token);

        var sum = Assert.Single((await Figures.ReadAsync(["level"], null, MonitoringRange.Find("90d"), Token)).ByName["level"]).Value;
        Assert.Equal((5.0, 6.0, null), (sum.Mean, sum.Max, sum.Buckets));
    }

    [Fact]
    public async Task AddAsync_ManyInstancesAtOnce_LoseNothing()
    {
        var sums = Plots.Figures.Reverse().ToDictionary(f => f.Name, _ => new FigureSum(1, 1, 1));

        await AtOnceAsync(8, async _ =>
        {
            for (var i = 0; i < 10; i++)
                await Figures.AddAsync(sums, Token);
            return 0;
        });

        var day = await Figures.ReadAsync([.. sums.Keys], null, MonitoringRange.Find("90d"), Token);
        Assert.All(sums.Keys, name => Assert.Equal(80, day.ByName[name].Values.Sum(s => s.Count)));
    }

    [Fact]
    public async Task PruneAsync_RowsThatNoRangeShows_GoAndTheOthersStay()
    {
        foreach (var range in MonitoringRange.All)
        {
            foreach (var (age, name) in new[] { (range.Span, "shown"), (range.Kept + range.Step, "old") })
                await ExecuteAsync($"INSERT INTO portal.figures (name, grain, at, count, sum, max) VALUES ('{name}', {range.Grain}, now() - interval '{(long)age.TotalSeconds} seconds', 1, 1, 1)");
        }

        Assert.Equal(MonitoringRange.All.Count, await Figures.PruneAsync(Token));

        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        Assert.Equal(MonitoringRange.All.Select(r => ("shown", r.Grain)), (await db.FigureSamples.OrderBy(s => s.Grain).ToListAsync(Token)).Select(s => (s.Name, s.Grain)));
    }

    /// <summary>docs/monitoring.md states it: whoever adds a plot or a range sees here what it costs.</summary>
    [Fact]
    public void Bound_OfRows_IsAsDocumented()
    {
        var perFigure = MonitoringRange.All.Sum(r => (int)(r.Kept / r.Step) + 1);
        var hourly = MonitoringRange.All.Sum(r => Math.Min((int)(r.Kept / r.Step), Math.Max(1, (int)r.Kept.TotalHours)) + 1);

        Assert.True((Plots.Figures.Count * perFigure) + (SizeFigures.Most * 2 * hourly) < 45_000);
    }

    [Fact]
    public async Task ReadAsync_ARange_HasAStepForEachStretchUpToNow()
    {
        foreach (var range in MonitoringRange.All)
        {
            var times = (await Figures.ReadAsync([], null, range, Token)).Times;
            Assert.Equal(range.Steps, times.Count);
            Assert.All(times.Skip(1).Zip(times), pair => Assert.Equal(range.Step, pair.First - pair.Second));
            Assert.Equal(0, times[^1].ToUnixTimeSeconds() % range.Grain);
        }
    }

    private static Dictionary<string, FigureSum> One(string name, FigureSum sum) => new() { [name] = sum };

    private static long[] Buckets(int index)
    {
        var buckets = new long[TimeBuckets.Count];
        buckets[index] = 1;
        return buckets;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
#pragma warning disable EF1002 // the test's own text
        await db.Database.ExecuteSqlRawAsync(sql, Token);
#pragma warning restore EF1002
    }
}
