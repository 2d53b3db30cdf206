namespace AdminPortal.Core.Monitoring;

/// <summary>Gathers one figure's measurements in this process until they are written. Any thread may add.</summary>
internal sealed class FigureGathering(Figure figure)
{
    private readonly Lock gate = new();
    private readonly long[]? buckets = figure.Kind == FigureKind.Time ? new long[TimeBuckets.Count] : null;
    private long count;
    private double sum;
    private double max;
    private double? observed;

    public Figure Figure { get; } = figure;

    public void Add(double value)
    {
        lock (gate)
        {
            AddOne(value);
        }
    }

    /// <summary>One of several parts of a level that are looked at together, such as one of the pools.</summary>
    public void Observe(double part)
    {
        lock (gate)
        {
            observed = (observed ?? 0) + part;
        }
    }

    /// <summary>The parts since the last call are one measurement.</summary>
    public void CompleteObservation()
    {
        lock (gate)
        {
            if (observed is { } whole)
            {
                AddOne(whole);
            }

            observed = null;
        }
    }

    /// <summary>What was gathered since the last call; null: nothing.</summary>
    public FigureSum? Take()
    {
        lock (gate)
        {
            if (count == 0)
            {
                return null;
            }

            var taken = new FigureSum(count, sum, max, buckets?.ToArray());
            (count, sum, max) = (0, 0, 0);
            if (buckets is not null)
            {
                Array.Clear(buckets);
            }

            return taken;
        }
    }

    /// <summary>Puts back what could not be written.</summary>
    public void Return(FigureSum taken)
    {
        lock (gate)
        {
            (count, sum, max) = (count + taken.Count, sum + taken.Sum, Math.Max(max, taken.Max));
            for (var i = 0; buckets is not null && i < buckets.Length; i++)
            {
                buckets[i] += taken.Buckets![i];
            }
        }
    }

    private void AddOne(double value)
    {
        // A counter's measurement is a number of things: the sum counts.
        (count, sum, max) = (count + 1, sum + value, Math.Max(max, value));
        if (buckets is not null)
        {
            buckets[TimeBuckets.IndexOf(value)]++;
        }
    }
}
