namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// Times that devices tell of themselves, made fit to be stored. A clock can stand anywhere; one that no battery's failure explains
/// is kept as being wrong by <see cref="Farthest"/>, and what else it says of times is not known.
/// </summary>
internal static class DeviceClock
{
    /// <summary>More than a clock that began again in 1970 is behind, and less than the seconds that a column holds. The table's constraint names it too.</summary>
    public static readonly TimeSpan Farthest = TimeSpan.FromDays(24_820);

    /// <summary>The device's clock minus the server's, in seconds.</summary>
    public static int? Seconds(TimeSpan? skew) =>
        skew is { } told ? (int)Math.Clamp(told.TotalSeconds, -Farthest.TotalSeconds, Farthest.TotalSeconds) : null;

    /// <summary>A moment by the device's clock, in UTC; null: there is none that can be believed.</summary>
    /// <param name="skew">What the same request said of the clock.</param>
    /// <param name="now">By the server's.</param>
    public static DateTimeOffset? Moment(DateTimeOffset? told, TimeSpan? skew, DateTimeOffset now) =>
        told is { } at && (skew ?? TimeSpan.Zero).Duration() <= Farthest && (at - now).Duration() <= Farthest ? at.ToUniversalTime() : null;
}
