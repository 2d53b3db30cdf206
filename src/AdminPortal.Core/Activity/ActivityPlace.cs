using System.Globalization;
using AdminPortal.Core.Lists;

namespace AdminPortal.Core.Activity;

/// <summary>
/// A place in the merged record, which is ordered by time, then source, then id. Each source turns it into one comparison of
/// its own <c>(at, id)</c>, which an index answers.
/// </summary>
internal sealed record ActivityPlace(DateTimeOffset At, ActivitySource Source, long Id, bool Backwards)
{
    private const string SortName = "activity";

    /// <summary>Null for text that is not a place in this order.</summary>
    public static ActivityPlace? Parse(string? cursor, bool oldestFirst) =>
        ListCursor.Parse(cursor) is { Sort: SortName } place && place.Descending != oldestFirst
        && long.TryParse(place.Key, CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
        && place.Id.Split(':') is [var source, var number]
        && Enum.TryParse<ActivitySource>(source, out var from) && Enum.IsDefined(from) && long.TryParse(number, CultureInfo.InvariantCulture, out var id)
            ? new ActivityPlace(new DateTimeOffset(ticks, TimeSpan.Zero), from, id, place.Backwards)
            : null;

    public static string Of(ActivityRow row, bool oldestFirst, bool backwards) => new ListCursor(
        SortName, Descending: !oldestFirst, row.At.UtcTicks.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{row.Source}:{row.Id}"), backwards).ToString();

    /// <summary>The id to compare with in this source: at the same moment, all lines of one source stand before all of the other.</summary>
    public long IdIn(ActivitySource source) => source == Source ? Id : source < Source ? long.MaxValue : long.MinValue;

    public static int Compare(ActivityRow a, ActivityRow b) => (a.At, a.Source, a.Id).CompareTo((b.At, b.Source, b.Id));
}
