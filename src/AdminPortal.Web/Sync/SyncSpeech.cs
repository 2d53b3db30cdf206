using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Sync;

/// <summary>Verdicts in sentences, with times in the zone of whoever reads.</summary>
internal static class SyncSpeech
{
    public static SyncWords Of(ViewerClock? clock, TimeProvider time)
    {
        var reader = clock ?? new ViewerClock(time.GetUtcNow(), TimeZoneInfo.Utc);
        return new SyncWords(reader.Brief, reader.Now);
    }

    /// <summary>A list's filter for the record of an export.</summary>
    public static string Filter(SyncStatusQuery query) => string.Join(", ", ((string?[])
    [
        query.Group?.ToString().ToLowerInvariant(),
        query.Verdict is { } verdict ? SyncVerdictBadge.Word(verdict) : null,
        query.Search is { } search ? $"search “{search}”" : null,
        query.Platform,
        query.AppVersion is { } app ? $"app {app}" : null,
    ]).OfType<string>().DefaultIfEmpty("all devices"));

    public static string Closed(string closed, string? by) => $"{char.ToUpperInvariant(closed[0])}{closed[1..]}{(by is null ? "" : $" by {by}")}";
}
