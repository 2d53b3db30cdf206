namespace AdminPortal.Core.Sync;

/// <summary>One number of <see cref="SyncThresholds"/>, for forms and for storing.</summary>
/// <param name="Name">In <c>sync.meta.thresholds</c>.</param>
/// <param name="Title">What is counted, in words.</param>
/// <param name="Verdict">What it decides.</param>
/// <param name="Most">The least is 1.</param>
public sealed record SyncThreshold(
    string Name, string Title, string Unit, SyncVerdict Verdict, int Most, Func<SyncThresholds, int> Get, Func<SyncThresholds, int, SyncThresholds> Set)
{
    /// <summary>In the order in which verdicts are tried.</summary>
    public static IReadOnlyList<SyncThreshold> All { get; } =
    [
        new("refusals", "Refused sign-ins in a row", "answers", SyncVerdict.SignInFailing, 100, t => t.Refusals, (t, n) => t with { Refusals = n }),
        new("uploadMinutes", "Oldest change waits for longer than", "minutes", SyncVerdict.StuckUploading, 10_080, t => t.UploadMinutes, (t, n) => t with { UploadMinutes = n }),
        new("uploadAttempts", "Attempts after which no less waits", "attempts", SyncVerdict.StuckUploading, 100, t => t.UploadAttempts, (t, n) => t with { UploadAttempts = n }),
        new("downloadMinutes", "Lacks a change for longer than", "minutes", SyncVerdict.StuckDownloading, 10_080, t => t.DownloadMinutes, (t, n) => t with { DownloadMinutes = n }),
        new("failures", "Failed requests in a row", "requests", SyncVerdict.StuckDownloading, 100, t => t.Failures, (t, n) => t with { Failures = n }),
        new("conflictDays", "An open conflict is told for", "days", SyncVerdict.Rejected, 90, t => t.ConflictDays, (t, n) => t with { ConflictDays = n }),
        new("fullReadDays", "Not heard of for longer than", "days", SyncVerdict.FullReadDue, 89, t => t.FullReadDays, (t, n) => t with { FullReadDays = n }),
        new("dormantDays", "Not heard of for longer than", "days", SyncVerdict.Dormant, 89, t => t.DormantDays, (t, n) => t with { DormantDays = n }),
        new("staleDays", "Not heard of for longer than", "days", SyncVerdict.Stale, 89, t => t.StaleDays, (t, n) => t with { StaleDays = n }),
        new("pushTokenDays", "Push token is older than", "days", SyncVerdict.NoPushToken, 365, t => t.PushTokenDays, (t, n) => t with { PushTokenDays = n }),
        new("clockMinutes", "Clock is off by more than", "minutes", SyncVerdict.ClockWrong, 1_440, t => t.ClockMinutes, (t, n) => t with { ClockMinutes = n }),
    ];

    internal bool Allows(int number) => number >= 1 && number <= Most;
}
