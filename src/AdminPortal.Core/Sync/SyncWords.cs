using System.Globalization;

namespace AdminPortal.Core.Sync;

/// <summary>Says a verdict in plain words with its times and numbers: to support, and to the person themself.</summary>
/// <param name="at">Writes a moment as the reader reads it, such as <c>10:42</c> or <c>Tue 24 Nov, 12:19</c>.</param>
/// <param name="now">For distances.</param>
public sealed class SyncWords(Func<DateTimeOffset, string> at, DateTimeOffset now)
{
    /// <summary>An entity as people say it: <c>focus session</c> for <c>focusSession</c>.</summary>
    public static string Entity(string name) => name == "unknown" ? "change" : string.Concat(name.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));

    /// <summary>The verdict sentence, as support reads it.</summary>
    public string ForSupport(SyncStanding s) => Sentence(s, Whose(s), Waits(s, "the device")) + Marks(s);

    /// <summary>The same for the person, with what they can do.</summary>
    public string ForPerson(SyncStanding s) => string.Join(' ', ((string[])[Sentence(s, $"Your {s.Title}", Waits(s, "it")) + Marks(s), Advice(s), AdviceOnMarks(s)]).Where(part => part.Length > 0));

    /// <summary>A plain text to send to the person.</summary>
    public string Reply(SyncStanding s) => $"Hello{(s.UserName is { } name ? $" {name}" : "")},\n\n{ForPerson(s)}\n";

    /// <summary>The verdict in a few words without the device, for a row of a list that names it.</summary>
    public string ForList(SyncStanding s) => s.Verdict switch
    {
        SyncVerdict.Ended => Ending(s) is var ending ? char.ToUpperInvariant(ending[0]) + ending[1..] : "",
        SyncVerdict.NeverSynced => s.ConsecutiveFailures > 0 ? $"Has never synced: {SyncAnswers.Of(s.LastProblem)}" : "Has never synced",
        SyncVerdict.SignInFailing => $"Cannot sign in{Since(s.Since)}: {SyncAnswers.Of(s.LastProblem)}",
        SyncVerdict.Outdated => $"Cannot sync{Since(s.Since)}: {TooOld(s)}",
        SyncVerdict.StuckUploading => $"Cannot send {Many(s.Pending ?? 0, "change", "changes")}{Since(s.Since)}",
        SyncVerdict.StuckDownloading when s.ConsecutiveFailures > 0 => $"Cannot sync{Since(s.Since)}: {SyncAnswers.Of(s.LastProblem)}",
        SyncVerdict.StuckDownloading => $"{Many(s.Behind, "change", "changes")} behind{Since(s.Since)}",
        SyncVerdict.Rejected => char.ToUpperInvariant(Refused(s)[0]) + Refused(s)[1..],
        SyncVerdict.CatchingUp => s.Behind > 0 ? $"{Many(s.Behind, "change", "changes")} behind, catching up" : $"{Many(s.Pending ?? 0, "change", "changes")} still to send",
        SyncVerdict.FullReadDue => $"Silent for {Days(s.ContactAt)}, must reload everything after 90",
        SyncVerdict.Dormant or SyncVerdict.Stale => $"Silent for {Days(s.ContactAt)}",
        _ when s.IsSilent(now) => $"Had everything {Ago(s.ContactAt)}",
        _ => "In sync",
    };

    private string Sentence(SyncStanding s, string device, string waits) => s.Verdict switch
    {
        SyncVerdict.Ended => $"{device} no longer syncs: {Ending(s)}{waits}.",
        SyncVerdict.NeverSynced => $"{device} has never synced: {NotYet(s)}{waits}.",
        SyncVerdict.SignInFailing => $"{device} has not been able to sign in{Since(s.Since)}: it was refused {s.ConsecutiveRefusals} times in a row, last {Ago(s.LastAttemptAt)}{waits}.",
        SyncVerdict.Outdated => $"{device} has not {(s.Pending > 0 ? "sent anything" : "synced")}{Since(s.Since)}: {TooOld(s)}{waits}.",
        SyncVerdict.StuckUploading =>
            $"{device} has not been able to send {Many(s.Pending ?? 0, "change", "changes")}{Since(s.Since)}; it tried {Many(s.AttemptsWithoutDrop, "time", "times")}, last {Ago(s.LastAttemptAt)}.",
        SyncVerdict.StuckDownloading when s.ConsecutiveFailures == 0 => $"{device} is {Lacks(s)}{Since(s.Since)}, though it last tried {Ago(s.LastAttemptAt)}{waits}.",
        SyncVerdict.StuckDownloading => $"{device} has not been able to sync{Since(s.Since)}: it was refused {s.ConsecutiveFailures} times in a row, last {Ago(s.LastAttemptAt)}; it is {Lacks(s)}{waits}.",
        SyncVerdict.Rejected => $"{device} {(s.IsSilent(now) ? $"was last in contact {AgoAt(s.ContactAt)}, and" : "syncs, but")} {Refused(s)}{waits}.",
        SyncVerdict.CatchingUp when s.IsSilent(now) => $"{device} was last in contact {AgoAt(s.ContactAt)}{(s.Behind > 0 ? $", and is {Lacks(s)}" : "")}{waits}.",
        SyncVerdict.CatchingUp => $"{device} is catching up{(s.Behind > 0 ? $": it is {Lacks(s)}, and" : ":")} it was last in contact {Ago(s.LastSuccessAt)}{waits}.",
        SyncVerdict.FullReadDue => $"{device} was last in contact {AgoAt(s.ContactAt)}; after 90 days it must reload everything{waits}.",
        SyncVerdict.Dormant or SyncVerdict.Stale => $"{device} was last in contact {AgoAt(s.ContactAt)}{waits}.",
        _ when s.IsSilent(now) => $"{device} was last in contact {AgoAt(s.ContactAt)}, and had everything then.",
        _ => $"{device} is in sync{(s.CaughtUpAt is { } when ? $": it had everything {Ago(when)}" : s.SyncedAt is { } then ? $", last {Ago(then)}" : "")}.",
    };

    /// <summary>What stands beside a verdict that names no fault: why it may not be woken, and that its clock is wrong.</summary>
    private string Marks(SyncStanding s)
    {
        if (s.Verdict is not (SyncVerdict.Healthy or SyncVerdict.CatchingUp or SyncVerdict.Stale or SyncVerdict.Dormant or SyncVerdict.FullReadDue))
        {
            return "";
        }

        var push = !s.Is(SyncVerdict.NoPushToken) ? ""
            : s.HasPushToken ? $" Its push token is {Days(s.PushTokenAt)} old, so it may not be woken."
            : " It has no push token, so it cannot be woken.";
        return s.Is(SyncVerdict.ClockWrong) ? $"{push} Its clock is {Minutes(s)} {(s.ClockSkewSeconds > 0 ? "fast" : "slow")}." : push;
    }

    /// <summary>What the person can do; empty: nothing.</summary>
    private string Advice(SyncStanding s) => s.Verdict switch
    {
        SyncVerdict.Ended when s.Pairing == "quarantined" => "It works again when it is released.",
        SyncVerdict.Ended => "Pair it again to go on. What waits on it stays there.",
        SyncVerdict.NeverSynced or SyncVerdict.Stale or SyncVerdict.Dormant or SyncVerdict.FullReadDue => "Open the app while the device is online.",
        SyncVerdict.SignInFailing => "Sign in on it again, or pair it again. Nothing on it is lost.",
        SyncVerdict.Outdated when s.MinimumAppVersion is { } minimum => $"Update the app to {minimum} or newer. Nothing on it is lost.",
        SyncVerdict.Outdated => "Update the app. Nothing on it is lost.",
        SyncVerdict.StuckUploading or SyncVerdict.StuckDownloading => "Do not delete the app: your changes are kept in it. Open it while the device is online, and tell us if this stays.",
        SyncVerdict.Rejected => "Nothing is lost: open the device's page in the portal to try again or to put a value back.",
        SyncVerdict.CatchingUp => "Open the app while it is online, and give it a minute.",
        _ when s.IsSilent(now) => "Open the app while the device is online.",
        _ => "",
    };

    private string AdviceOnMarks(SyncStanding s) => Marks(s).Length == 0 ? "" : string.Join(' ', ((string?[])
    [
        s.Is(SyncVerdict.NoPushToken) ? "Allow notifications for the app." : null,
        s.Is(SyncVerdict.ClockWrong) ? "Set its time automatically. Nothing is lost by it." : null,
    ]).OfType<string>());

    private string Ending(SyncStanding s) => s.Pairing switch
    {
        "quarantined" => "it is quarantined",
        "expired" => $"its pairing expired{(s.EndsAt is { } end ? $" {Ago(end)}" : "")}",
        "elsewhere" => "another person paired it",
        "removed" => "its pairing was deleted",
        _ => "it was revoked",
    };

    private string NotYet(SyncStanding s) => s.Is(SyncVerdict.Outdated) ? TooOld(s)
        : s.ConsecutiveFailures > 0 ? $"it was refused {Ago(s.LastAttemptAt)} ({SyncAnswers.Of(s.LastProblem)})"
        : "it registered, and has sent and received nothing";

    private static string TooOld(SyncStanding s) => s.MinimumAppVersion is { } minimum && Protocol.AppVersions.Compare(s.AppVersion, minimum) < 0
        ? $"its app {s.AppVersion} is older than the minimum {minimum}"
        : $"its app {s.AppVersion} has data format {s.SchemaVersion}, the server has {Protocol.SyncSchema.Current}";

    private static string Lacks(SyncStanding s) => string.Create(CultureInfo.InvariantCulture, $"{Many(s.Behind, "change", "changes")} behind (has {s.AcknowledgedVersion:N0} of {s.Head:N0})");

    private static string Refused(SyncStanding s) => string.Join(" and ", ((string?[])
    [
        s.OpenRejections > 0 ? $"{Many(s.OpenRejections, "change was", "changes were")} refused" : null,
        s.OpenConflicts > 0 ? $"{Many(s.OpenConflicts, "conflict is", "conflicts are")} to be solved" : null,
    ]).OfType<string>());

    private static string Whose(SyncStanding s) =>
        s.Title.Contains(s.Person.Split(' ')[0], StringComparison.CurrentCultureIgnoreCase) ? s.Title : $"{s.Person}’s {s.Title}";

    private static string Waits(SyncStanding s, string where) =>
        s.Pending is > 0 and var pending ? $"; {Many(pending, "change waits", "changes wait")} on {where}" : "";

    private string Since(DateTimeOffset? moment) => moment is { } since ? $" since {at(since)}" : "";

    private string AgoAt(DateTimeOffset? moment) => moment is { } when ? $"{Ago(when)} ({at(when)})" : Ago(null);

    private string Ago(DateTimeOffset? moment) => (now - moment)?.TotalMinutes switch
    {
        null => "at a time that is not known",
        < 1 => "just now",
        < 60 and var minutes => $"{(int)minutes} min ago",
        < 24 * 60 and var minutes => $"{(int)minutes / 60} h ago",
        _ => $"{Days(moment)} ago",
    };

    private string Days(DateTimeOffset? moment) => Many((int)(now - (moment ?? now)).TotalDays, "day", "days");

    private static string Minutes(SyncStanding s) => Many(Math.Abs(s.ClockSkewSeconds ?? 0) / 60, "minute", "minutes");

    private static string Many(long count, string one, string many) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many}");
}
