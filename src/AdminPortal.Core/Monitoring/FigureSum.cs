namespace AdminPortal.Core.Monitoring;

/// <summary>Measurements of one figure, put together. Mergeable in any order: over instances, and from minutes to days.</summary>
/// <param name="Buckets">See <see cref="TimeBuckets"/>; null: not a figure of times.</param>
public sealed record FigureSum(long Count, double Sum, double Max, IReadOnlyList<long>? Buckets = null)
{
    public double? Mean => Count == 0 ? null : Sum / Count;

    public FigureSum Merge(FigureSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new FigureSum(
            Count + other.Count, Sum + other.Sum, Math.Max(Max, other.Max),
            Buckets is { } one && other.Buckets is { } two ? [.. one.Zip(two, (a, b) => a + b)] : Buckets ?? other.Buckets);
    }

    /// <summary>In seconds; null: nothing was measured.</summary>
    public double? Percentile(double share) => Buckets is null ? null : TimeBuckets.Percentile(Buckets, share, Max);
}
