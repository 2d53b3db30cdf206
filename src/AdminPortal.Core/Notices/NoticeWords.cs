using System.Text.RegularExpressions;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Notices;

namespace AdminPortal.Core.Notices;

/// <summary>A notice in people's words.</summary>
/// <param name="Path">The page where something can be done about it.</param>
/// <param name="PathText">What the link to that page says.</param>
public sealed record NoticeText(string Title, string Sentence, string Path, string PathText);

/// <summary>The words of every kind of notice, for the page, the bell and the mail alike.</summary>
public static partial class NoticeWords
{
    public static NoticeText Of(NoticeRow notice)
    {
        var words = Words(notice);
        return words with { Sentence = char.ToUpperInvariant(words.Sentence[0]) + words.Sentence[1..] };
    }

    private static NoticeText Words(NoticeRow notice) => notice.Kind switch
    {
        NoticeKind.DevicePaired => AboutDevice(
            notice, "New device paired", $"{Device(notice)} was paired with your account. If this was not you, say so: the device is quarantined at once."),
        NoticeKind.DeviceRevoked => AboutDevice(notice, Plural(notice, "Device revoked", "Devices revoked"), $"{Devices(notice)} revoked by {By(notice)}."),
        NoticeKind.DeviceQuarantined => AboutDevice(
            notice, Plural(notice, "Device quarantined", "Devices quarantined"),
            $"{Devices(notice)} quarantined by {By(notice)}. {Plural(notice, "It", "They")} can do nothing until released."),
        NoticeKind.DeviceReleased => AboutDevice(
            notice, Plural(notice, "Device released", "Devices released"), $"{Devices(notice)} released by {By(notice)} and {Plural(notice, "works", "work")} again."),
        NoticeKind.ScopesChanged => AboutDevice(
            notice, "Permissions changed", $"{By(notice)} changed what {Plural(notice, Device(notice), $"{notice.Count:N0} of your devices")} may do{Details(notice)}."),
        NoticeKind.ScopesExpiring => AboutPermissions("Permissions expire soon", $"Permissions of {Device(notice)} expire soon{Details(notice)}."),
        NoticeKind.PairingExpiring => AboutDevice(
            notice, "Pairing expires soon", $"{Device(notice)} stops working soon{Details(notice)}. Pair it again to go on using it."),
        NoticeKind.PermissionRequested => AboutPermissions("A device asks for a permission", $"{Device(notice)} asks to be allowed more{Details(notice)}."),
        NoticeKind.PermissionDecided => AboutDevice(notice, "A request was decided", $"{By(notice)} decided what {Device(notice)} asked for{Details(notice)}."),
        NoticeKind.CodeLeakBlocked => new(
            "Your pairing code was seen twice",
            "A second device presented the code that you had made, so the pairing was blocked and nothing was paired. Make a new code where nobody else can see it.",
            "/pair", "Make a new code"),
        NoticeKind.PolicyWarning => AboutDevice(notice, "A policy will apply soon", $"{Plural(notice, $"{Device(notice)} is", $"{notice.Count:N0} of your devices are")} about to fall under a policy{Details(notice)}."),
        NoticeKind.PairingShortened => AboutDevice(
            notice, Plural(notice, "Pairing shortened", "Pairings shortened"),
            $"A policy shortened the {Plural(notice, $"pairing of {Device(notice)}", $"pairings of {notice.Count:N0} of your devices")}{Details(notice)}. Pair again to go on after that."),
        NoticeKind.DeviceDisowned => new(
            "“This was not me”", $"{By(notice)} says that somebody else paired {Device(notice)}. It is quarantined and waits for an administrator.",
            "/alerts", "Look at the alerts"),
        NoticeKind.PolicyHeld => new(
            "A policy waits for a yes", $"A policy would act on many devices at once, and waits until an administrator says yes{Details(notice)}.",
            $"/settings/policies/{Uri.EscapeDataString(notice.DeviceTitle ?? "")}", "Look at the policy"),
        NoticeKind.JobFailed => new("A job failed", $"The job “{notice.DeviceTitle}” failed{Details(notice)}.", "/jobs", "Look at the jobs"),
        NoticeKind.RunFailed => new("A run failed", $"“{notice.DeviceTitle}” failed{Details(notice)}.", $"/runs/{notice.PairingId}", "Look at the run"),
        NoticeKind.VerificationFailed => new(
            "A verification failed", $"The verification of {notice.DeviceTitle} failed{Details(notice)}.", $"/verification/{Uri.EscapeDataString(notice.DeviceTitle ?? "")}", "Look at the verification"),
        NoticeKind.AttemptsRefused => new("Many attempts were refused", $"Within an hour {notice.DeviceTitle} were refused{Details(notice)}: wrong passwords or codes, or pages and calls that the sender may not use.", "/activity", "Look who"),
        NoticeKind.QueueWaits => new("People wait for an answer", $"{notice.DeviceTitle} wait for more than a day{Details(notice)}.", "/permissions", "Answer them"),
        NoticeKind.AlertConcluded => AboutDevice(notice, "Your report was looked at", $"{By(notice)} concluded on {Device(notice)}."),
        _ => new(notice.Kind, $"{Devices(notice)} concerned.", "/my-devices", "Your devices"),
    };

    private static NoticeText AboutDevice(NoticeRow notice, string title, string sentence) => notice is { Count: 1, PairingId: { } pairing }
        ? new(title, sentence, $"/devices/{Uri.EscapeDataString(pairing)}", "Look at the device")
        : new(title, sentence, "/my-devices", "Your devices");

    private static NoticeText AboutPermissions(string title, string sentence) => new(title, sentence, "/permissions", "Decide about permissions");

    private static string Device(NoticeRow notice) => notice.DeviceTitle is { } title ? $"“{title}”" : "one of your devices";

    private static string Devices(NoticeRow notice) =>
        Plural(notice, notice.DeviceTitle is { } title ? $"“{title}” was" : "One of your devices was", $"{notice.Count:N0} of your devices were");

    private static string By(NoticeRow notice) => notice.ActorName ?? "somebody else";

    private static string Plural(NoticeRow notice, string one, string many) => notice.Count == 1 ? one : many;

    /// <summary>Scopes in a detail are in the database's words.</summary>
    private static string Details(NoticeRow notice) => string.IsNullOrWhiteSpace(notice.Detail)
        ? ""
        : ": " + ScopeWord().Replace(notice.Detail.TrimEnd('.'), word => ScopeLabels.OfWord(word.Value));

    [GeneratedRegex("[A-Z]+(_[A-Z]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScopeWord();
}
