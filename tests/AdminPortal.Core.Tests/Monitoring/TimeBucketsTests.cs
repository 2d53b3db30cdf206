using AdminPortal.Core.Monitoring;

namespace AdminPortal.Core.Tests.Monitoring;

/// <summary>Percentiles out of buckets are near the exact ones, also after buckets were added up.</summary>
public sealed class TimeBucketsTests
{
    private static readonly double[] Shares = [0.01, 0.50, 0.95, 0.99, 1];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentile_OfManyTimes_IsWithinNinePercentOfTheExactOne(int seed)
    {
#pragma warning disable CA5394 // test data
        var random = new Random(seed);
        var times = Enumerable.Range(0, 5000).Select(_ => 0.0003 * Math.Pow(10, random.NextDouble() * 4.5)).Order().ToList();
#pragma warning restore CA5394
        var halves = new[] { Sum(times.Where((_, i) => i % 2 == 0)), Sum(times.Where((_, i) => i % 2 == 1)) };

        var both = halves[0].Merge(halves[1]);

        foreach (var share in Shares)
        {
            var exact = times[(int)Math.Ceiling(times.Count * share) - 1];
            Assert.InRange(both.Percentile(share)!.Value, exact * 0.91, exact * 1.1);
        }
    }

    [Fact]
    public void Percentile_NothingMeasured_IsUnknown() => Assert.Null(new FigureSum(0, 0, 0, new long[TimeBuckets.Count]).Percentile(0.5));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.00025, 0)]
    [InlineData(0.00026, 1)]
    [InlineData(1e9, TimeBuckets.Count - 1)]
    [InlineData(double.NaN, 0)]
    public void IndexOf_AtTheEdges_IsABucket(double seconds, int index) => Assert.Equal(index, TimeBuckets.IndexOf(seconds));

    [Fact]
    public void Percentile_SlowerThanTheLastBucket_IsTheGreatestMeasured() => Assert.Equal(400, Sum([400]).Percentile(0.99));

    private static FigureSum Sum(IEnumerable<double> times)
    {
        var gathering = new FigureGathering(Plots.Figures.First(f => f.Kind == FigureKind.Time));
        foreach (var time in times)
            gathering.Add(time);
        return gathering.Take()!;
    }
}
