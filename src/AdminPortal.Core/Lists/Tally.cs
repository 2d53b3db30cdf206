using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Lists;

/// <summary>A number of rows: exact while counting is cheap, else what the database's planner expects.</summary>
public sealed record Tally(long Number, bool IsAbout = false)
{
    /// <summary>Counted to here, if that takes no longer than <see cref="Patience"/>.</summary>
    internal const int Limit = 50_000;

    /// <summary>Where the planner expects so many, the rows need not be counted to know that they are more than the limit.</summary>
    private const long SurelyMany = 5 * Limit;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public bool Any => Number > 0;

    public static Tally operator +(Tally one, Tally other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new(one.Number + other.Number, one.IsAbout || other.IsAbout);
    }

    public static Tally Add(Tally left, Tally right) => left + right;

    /// <summary>To two digits where it is an estimate: more would pretend to know.</summary>
    public static long Round(long number)
    {
        var unit = 1L;
        while (number / unit >= 100)
        {
            unit *= 10;
        }

        return (number + (unit / 2)) / unit * unit;
    }

    /// <summary>As people read it: <c>1,234</c> or <c>about 880,000</c>.</summary>
    public override string ToString() => IsAbout
        ? $"about {Round(Number).ToString("N0", CultureInfo.CurrentCulture)}" : Number.ToString("N0", CultureInfo.CurrentCulture);

    internal static async Task<Tally> OfAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken) =>
        await OfAsync(rows, await RowEstimate.OfAsync(rows, cancellationToken), Patience, cancellationToken);

    /// <param name="expected">What the planner expects.</param>
    internal static async Task<Tally> OfAsync<T>(IQueryable<T> rows, long expected, TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (expected > SurelyMany)
        {
            return new Tally(expected, IsAbout: true);
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience ?? Patience);
        try
        {
            var count = await rows.Take(Limit + 1).CountAsync(waiting.Token);
            return count <= Limit ? new Tally(count) : new Tally(Math.Max(count, expected), IsAbout: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Tally(expected, IsAbout: true);
        }
    }
}
