using System.Globalization;

namespace AdminPortal.Core.Sync;

/// <summary>Says a verdict in plain words with its times and numbers: to support, and to the person themself.</summary>
/// <param name="at">Writes a moment as the reader reads it, such as <c>10:42</c>.</param>
/// <param name="now">For distances.</param>
public sealed class SyncWords(Func<DateTimeOffset, string> at, DateTimeOffset now)
{
    /// <summary>The verdict sentence, as support reads it.</summary>
    public string ForSupport(SyncStanding s) => Sentence(s, Whose(s), Waits(s, "the device"));

    /// <summary>The same for the person, with what they can do.</summary>
    public string ForPerson(SyncStanding s) => $"{Sentence(s, $"Your {s.Title}", Waits(s, "it"))} {Advice(s)}".TrimEnd();

    /// <summary>A plain text to send to the person.</summary>
    public string Reply(SyncStanding s) => $"Hello{(s.UserName is { } name ? $" {name}" : "")},\n\n{ForPerson(s)}\n";

    private string Sentence(SyncStanding s, string device, string waits) => s.Verdict switch
    {
        SyncVerdict.Ended => $"{device} does not sync any more: {Ending(s)}{waits}.",
        SyncVerdict.NeverSynced => $"{device} has never synced: {NotYet(s)}{waits}.",
        SyncVerdict.SignInFailing => $"{device} was turned away {s.ConsecutiveRefusals} times in a row, last {On(s.LastAttemptAt)} ({s.LastProblem ?? "no reason given"}){waits}.",
        SyncVerdict.Outdated => $"{device} stopped {(s.Pending > 0 ? "uploading" : "syncing")} {On(s.Pending > 0 ? s.LastPushAt ?? s.SyncedAt : s.SyncedAt)}: {TooOld(s)}{waits}.",
        SyncVerdict.StuckUploading => $"{device} does not get rid of {Many(s.Pending ?? 0, "change", "changes")}{(s.OldestPendingAt is { } oldest ? $" since {at(oldest)}" : "")}: {s.AttemptsWithoutDrop} attempts changed nothing{Problem(s)}.",
        SyncVerdict.StuckDownloading when s.Head > s.AcknowledgedVersion && s.ConsecutiveFailures == 0 =>
            $"{device} does not get the newest: it has confirmed version {s.AcknowledgedVersion} of {s.Head}, though it last tried {On(s.LastAttemptAt)}{waits}.",
        SyncVerdict.StuckDownloading => $"{device} failed {s.ConsecutiveFailures} times in a row, last {On(s.LastAttemptAt)}{Problem(s)}; it has version {s.AcknowledgedVersion} of {s.Head}{waits}.",
        SyncVerdict.Rejected => $"{device} syncs, but {Refused(s)}{waits}.",
        SyncVerdict.CatchingUp => $"{device} is catching up: it has confirmed version {s.AcknowledgedVersion} of {s.Head}; last contact {On(s.LastSuccessAt)}{waits}.",
        SyncVerdict.FullReadDue => $"{device} was last in contact {Ago(s.ContactAt)}, {On(s.ContactAt)}: after 90 days it has to read everything again{waits}.",
        SyncVerdict.Dormant or SyncVerdict.Stale => $"{device} was last in contact {Ago(s.ContactAt)}, {On(s.ContactAt)}{waits}.",
        SyncVerdict.NoPushToken when s.HasPushToken => $"{device} syncs, but its push token is {Days(s.PushTokenAt)} old: it may not be woken, and syncs only when the app is opened{waits}.",
        SyncVerdict.NoPushToken => $"{device} syncs, but has no push token: it cannot be woken, and syncs only when the app is opened{waits}.",
        SyncVerdict.ClockWrong => $"{device} is in sync; its clock is {Minutes(s)} {(s.ClockSkewSeconds > 0 ? "fast" : "slow")}{waits}.",
        _ => $"{device} is in sync{(s.CaughtUpAt is { } when ? $": it had everything {On(when)}" : s.SyncedAt is { } then ? $", last {On(then)}" : "")}.",
    };

    /// <summary>What the person can do; empty: nothing.</summary>
    private static string Advice(SyncStanding s) => s.Verdict switch
    {
        SyncVerdict.Ended when s.Pairing == "quarantined" => "It works again when it is released.",
        SyncVerdict.Ended => "Pair it again to go on. What waits on it stays there.",
        SyncVerdict.NeverSynced or SyncVerdict.Stale or SyncVerdict.Dormant or SyncVerdict.FullReadDue => "Open the app while the device is online.",
        SyncVerdict.SignInFailing => "Sign in on it again, or pair it again. Nothing on it is lost.",
        SyncVerdict.Outdated when s.MinimumAppVersion is { } minimum => $"Update the app to {minimum} or newer. Nothing on it is lost.",
        SyncVerdict.Outdated => "Update the app. Nothing on it is lost.",
        SyncVerdict.StuckUploading or SyncVerdict.StuckDownloading => "Keep the app: its changes are kept there. Open it while it is online, and tell us if this stays.",
        SyncVerdict.Rejected => "Nothing is lost: it can be tried again or put back.",
        SyncVerdict.CatchingUp => "Open the app while it is online, and give it a minute.",
        SyncVerdict.NoPushToken => "Allow notifications for the app.",
        SyncVerdict.ClockWrong => "Set its time automatically. Nothing is lost by it.",
        _ => "",
    };

    private static string Ending(SyncStanding s) => s.Pairing switch
    {
        "quarantined" => "it is quarantined",
        "expired" => "its pairing ran out",
        "elsewhere" => "another person paired it",
        "removed" => "its pairing was removed",
        _ => "its pairing was ended",
    };

    private string NotYet(SyncStanding s) => s.Is(SyncVerdict.Outdated) ? TooOld(s)
        : s.ConsecutiveFailures > 0 ? $"its last attempt {On(s.LastAttemptAt)} was refused ({s.LastProblem ?? "no reason given"})"
        : "it registered, and has sent and fetched nothing";

    private static string TooOld(SyncStanding s) => s.MinimumAppVersion is { } minimum && Protocol.AppVersions.Compare(s.AppVersion, minimum) < 0
        ? $"its app {s.AppVersion} is below the minimum {minimum}"
        : $"its app {s.AppVersion} knows shape {s.SchemaVersion} of the data, the portal knows {Protocol.SyncSchema.Current}";

    private static string Refused(SyncStanding s) => string.Join(" and ", ((string?[])
    [
        s.OpenRejections > 0 ? $"{Many(s.OpenRejections, "change was", "changes were")} refused for good" : null,
        s.OpenConflicts > 0 ? $"{Many(s.OpenConflicts, "value", "values")} lost a conflict" : null,
    ]).OfType<string>());

    private static string Whose(SyncStanding s) =>
        s.Title.Contains(s.Person.Split(' ')[0], StringComparison.CurrentCultureIgnoreCase) ? s.Title : $"{s.Person}’s {s.Title}";

    private static string Waits(SyncStanding s, string where) =>
        s.Pending is > 0 and var pending ? $"; {Many(pending, "change waits", "changes wait")} on {where}" : "";

    private static string Problem(SyncStanding s) => s is { ConsecutiveFailures: > 0, LastProblem: { } problem } ? $" ({problem})" : "";

    private string On(DateTimeOffset? moment) => moment is { } when ? $"at {at(when)}" : "at a time that is not known";

    private string Ago(DateTimeOffset? moment) => $"{Days(moment)} ago";

    private string Days(DateTimeOffset? moment) => Many((int)(now - (moment ?? now)).TotalDays, "day", "days");

    private static string Minutes(SyncStanding s) => Many(Math.Abs(s.ClockSkewSeconds ?? 0) / 60, "minute", "minutes");

    private static string Many(int count, string one, string many) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many}");
}
