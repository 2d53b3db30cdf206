namespace AdminPortal.Core.Monitoring;

/// <summary>
/// The buckets that durations are counted in: four for each doubling, from 0.25 ms to 65.5 s. Counts of the same buckets can be
/// added over instances and over time, and a percentile of the sum is right to within 9 percent.
/// </summary>
internal static class TimeBuckets
{
    private const double Smallest = 0.00025;
    private const int Doublings = 18;
    private const int PerDoubling = 4;

    /// <summary>The first holds what is quicker than the smallest bound, the last what is slower than the greatest.</summary>
    public const int Count = (Doublings * PerDoubling) + 2;

    public static int IndexOf(double seconds) =>
        seconds <= Smallest || double.IsNaN(seconds) ? 0 : Math.Min(Count - 1, (int)Math.Ceiling(Math.Log2(seconds / Smallest) * PerDoubling));

    /// <summary>The time that this share of the measurements does not exceed; null: there are none.</summary>
    /// <param name="greatest">The greatest measurement, which no percentile exceeds.</param>
    public static double? Percentile(IReadOnlyList<long> buckets, double share, double greatest)
    {
        var total = buckets.Sum();
        if (total == 0)
        {
            return null;
        }

        var (rank, index) = ((long)Math.Ceiling(total * share), 0);
        for (var seen = buckets[0]; seen < rank; seen += buckets[index])
        {
            index++;
        }

        return index >= Count - 1 ? greatest : Math.Min(greatest, Smallest * Math.Pow(2, (index - 0.5) / PerDoubling));
    }
}
