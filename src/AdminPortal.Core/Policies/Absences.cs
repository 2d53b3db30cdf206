namespace AdminPortal.Core.Policies;

/// <summary>A time in which the portal did not answer.</summary>
public sealed record Absence(DateTimeOffset From, DateTimeOffset Until);

/// <summary>When the portal did not answer, so that nobody is blamed for a silence that was the portal's.</summary>
/// <param name="Gaps">The newest first; none overlap.</param>
/// <param name="Now">By the database's clock.</param>
public sealed record Absences(IReadOnlyList<Absence> Gaps, DateTimeOffset Now)
{
    /// <summary>For so long after a gap no policy acts: devices have to have had the time to call.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>The portal has always answered.</summary>
    public static Absences None { get; } = new([], DateTimeOffset.MaxValue);

    /// <summary>Until then nothing is done to devices; null: something may be.</summary>
    public DateTimeOffset? GraceUntil => Gaps.Count > 0 && Gaps[0].Until + Grace is var end && end > Now ? end : null;

    /// <summary>How much longer than so many days one has to look back to find so many days in which the portal answered.</summary>
    public TimeSpan MissedIn(int days)
    {
        var (begin, missed) = (Now - TimeSpan.FromDays(days), TimeSpan.Zero);
        foreach (var gap in Gaps.TakeWhile(gap => gap.Until > begin - missed))
        {
            // A gap that reaches over the beginning counts as a whole: the days before it are looked at instead.
            missed += gap.Until - gap.From;
        }

        return missed;
    }
}
