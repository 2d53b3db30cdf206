using AdminPortal.Core.Activity;
using AdminPortal.Data.Activity;
using AdminPortal.Web.Devices;

namespace AdminPortal.Web.Activity;

/// <summary>The portal's own record in people's words; those of devices are in <see cref="HistoryWords"/>.</summary>
internal static class ActivityWords
{
    /// <summary>What can be filtered by: the words of both records, devices first.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        DeviceEventKind.Paired, DeviceEventKind.Scanned, DeviceEventKind.Confirmed, DeviceEventKind.Refused, DeviceEventKind.CodeBurnt, DeviceEventKind.CodeLeaked,
        DeviceEventKind.Renamed, DeviceEventKind.Renewed, DeviceEventKind.PermissionGranted, DeviceEventKind.PermissionRemoved, DeviceEventKind.PermissionExpired,
        DeviceEventKind.PermissionRequested, DeviceEventKind.PermissionRefused, DeviceEventKind.Quarantined, DeviceEventKind.Released, DeviceEventKind.Revoked,
        DeviceEventKind.Acknowledged, DeviceEventKind.Expired, DeviceEventKind.Disowned, DeviceEventKind.AlertClosed, DeviceEventKind.PolicyWarned, DeviceEventKind.PolicyShortened, DeviceEventKind.MovedAway, DeviceEventKind.Removed,
        DeviceEventKind.SyncRebound, DeviceEventKind.ResyncRequested, DeviceEventKind.ResyncTakenBack, DeviceEventKind.ConflictRestored, DeviceEventKind.SyncDismissed, DeviceEventKind.RejectionRetried,
        DeviceEventKind.PushTokenCleared, DeviceEventKind.ConsentGiven, DeviceEventKind.ConsentEnded,
        "sign-in.ok", "sign-in.failed", "sign-in.locked", "sign-out.ok", "sign-out.by-provider", "account.created", "account.disabled", "account.enabled", "account.unlocked", "account.role-changed", "account.admin-proposed", "account.admin-refused", "account.role-kept", "account.linked", "account.renamed", "account.link-lost", "account.link-found", "account.connected", "account.disconnected",
        "account.devices-ended", "account.password-changed", "account.password-reset", "account.reset-link-made", "account.reset-link-mailed", "account.notices-by-mail", "account.operator-notices",
        "second-factor.enabled", "second-factor.disabled", "second-factor.removed", "second-factor.recovery-codes-made", "second-factor.ok", "second-factor.failed", "passkey.added", "passkey.removed", "passkey.used", "request.refused", "request.refused-often",
        "run.started", "run.stop-requested", "run.finished", "job.started", "job.stopped", "policy.switched-on", "policy.switched-off", "policy.allowed", "policy.taken-back", "policy.exempted", "policy.exemption-ended", "service-key.created", "service-key.revoked", "sync.minimum-version-set", "sync.thresholds-set", "sync.reset",
        "migration.approved", "migration.resolved", "target.accepted", "target.mapped", "duplicate.resolved", "backup.downloaded", "backup.kept", "backup.released", "backup.removed",
        "mail.tested", "mail.sent-again", "webhook.tested", "webhook.sent-again", "checklist.ticked", "checklist.tick-taken-back", "activity.exported", "devices.exported", "users.exported", "sync.exported", "pairing-link.made", "pairing-link.mailed", "sample-data.created", "sample-data.removed",
    ];

    private static readonly (string Title, Func<string, bool> Has, bool ForStaff)[] Headings =
    [
        ("Devices", kind => !kind.Contains('.', StringComparison.Ordinal) && !kind.Contains("ermission", StringComparison.OrdinalIgnoreCase) && !IsSync(kind), false),
        ("Permissions", kind => !kind.Contains('.', StringComparison.Ordinal) && kind.Contains("ermission", StringComparison.OrdinalIgnoreCase), false),
        ("Sync", kind => IsSync(kind) || kind.StartsWith("sync.", StringComparison.Ordinal), false),
        ("Sign-in and accounts", kind => IsOf(kind, "sign-", "account.", "second-factor.", "passkey.", "request."), false),
        ("Runs, jobs and policies", kind => IsOf(kind, "run.", "job.", "policy."), true),
        ("Databases and backups", kind => IsOf(kind, "migration.", "target.", "duplicate.", "backup.", "checklist."), true),
        ("The portal", kind => IsOf(kind, "mail.", "webhook.", "pairing-link.", "service-key.", "activity.", "devices.", "users.", "sample-data."), true),
    ];

    /// <summary>What can be filtered by, under headings; only what the reader's role can have.</summary>
    /// <param name="staff">True for people who see everyone's.</param>
    public static IEnumerable<(string Title, IReadOnlyList<string> Kinds)> Groups(bool staff) => Headings.Where(h => staff || !h.ForStaff)
        .Select(h => (h.Title, (IReadOnlyList<string>)[.. Kinds.Where(kind => h.Has(kind) && (staff || !kind.StartsWith("sync.", StringComparison.Ordinal)))]));

    private static bool IsSync(string kind) => !kind.Contains('.', StringComparison.Ordinal) && (kind.Contains("sync", StringComparison.OrdinalIgnoreCase)
        || kind is DeviceEventKind.ConflictRestored or DeviceEventKind.RejectionRetried or DeviceEventKind.PushTokenCleared or DeviceEventKind.ConsentGiven or DeviceEventKind.ConsentEnded);

    private static bool IsOf(string kind, params string[] beginnings) => Array.Exists(beginnings, beginning => kind.StartsWith(beginning, StringComparison.Ordinal));

    public static string Of(string kind) => kind switch
    {
        "sign-in.ok" => "Signed in",
        "sign-in.failed" => "Sign-in failed",
        "sign-in.locked" => "Locked after wrong passwords",
        "sign-out.ok" => "Signed out",
        "sign-out.by-provider" => "Signed out by the organisation's sign-in",
        "account.connected" => "Account connected with an organisation's sign-in",
        "account.disconnected" => "Account disconnected from an organisation's sign-in",
        "account.created" => "Account made",
        "account.disabled" => "Account disabled",
        "account.enabled" => "Account enabled",
        "account.unlocked" => "Account unlocked",
        "account.role-changed" => "Role changed",
        "account.admin-proposed" => "Proposed as an admin",
        "account.admin-refused" => "Not made an admin",
        "account.role-kept" => "Role of the last admin kept",
        "account.linked" => "Account linked to a person",
        "account.renamed" => "E-mail address changed by a directory",
        "account.link-lost" => "Person of an account lost",
        "account.link-found" => "Person of an account found again",
        "account.devices-ended" => "Devices of a disabled account revoked",
        "account.password-changed" => "Password changed",
        "account.password-reset" => "Password chosen by link",
        "account.reset-link-made" => "Password link made",
        "account.reset-link-mailed" => "Password link mailed",
        "account.notices-by-mail" => "Notices by mail switched",
        "account.operator-notices" => "Notices to an operator chosen",
        "second-factor.enabled" => "Second factor set up",
        "second-factor.disabled" => "Second factor switched off",
        "second-factor.removed" => "Second factor removed by an admin",
        "second-factor.recovery-codes-made" => "New recovery codes made",
        "second-factor.ok" => "Signed in with a second factor",
        "passkey.added" => "Passkey added",
        "passkey.removed" => "Passkey removed",
        "passkey.used" => "Confirmed with a passkey",
        "second-factor.failed" => "Wrong code of a second factor",
        "request.refused" => "Request refused",
        "request.refused-often" => "Many requests refused",
        "mail.tested" => "Mail server tried out",
        "webhook.tested" => "Webhook tried out",
        "mail.sent-again" => "Mail sent again",
        "webhook.sent-again" => "Webhook calls made again",
        "run.started" => "Run started",
        "run.stop-requested" => "Run told to stop",
        "run.finished" => "Run finished",
        "job.started" => "Job started by hand",
        "job.stopped" => "Job stopped",
        "policy.switched-on" => "Policy switched on",
        "policy.switched-off" => "Policy switched off",
        "policy.allowed" => "Policy allowed to act on many devices",
        "policy.taken-back" => "Revocations by a policy taken back",
        "policy.exempted" => "Exempted from a policy",
        "policy.exemption-ended" => "Exemption from a policy ended",
        "service-key.created" => "Service key made",
        "service-key.revoked" => "Service key revoked",
        "sync.minimum-version-set" => "Minimum app version set",
        "sync.reset" => "Sync reset",
        "sync.thresholds-set" => "Sync thresholds set",
        "migration.approved" => "Migrations approved",
        "migration.resolved" => "Migration resolved",
        "target.mapped" => "Place of a host's people recorded",
        "target.accepted" => "Other database accepted for a target",
        "duplicate.resolved" => "Duplicate clientId resolved",
        "backup.downloaded" => "Backup downloaded",
        "backup.kept" => "Backup marked to be kept",
        "backup.released" => "Backup left to retention",
        "backup.removed" => "Backup removed",
        "checklist.ticked" => "Checklist line ticked by hand",
        "checklist.tick-taken-back" => "Checklist tick taken back",
        "activity.exported" => "Activity exported",
        "devices.exported" => "Devices exported",
        "users.exported" => "Users exported",
        "sync.exported" => "Sync status exported",
        "pairing-link.made" => "Pairing link made",
        "pairing-link.mailed" => "Pairing link mailed",
        "sample-data.created" => "Sample data made",
        "sample-data.removed" => "Sample data removed",
        _ when kind.Contains('.', StringComparison.Ordinal) => kind.Replace('.', ' ').Replace('-', ' ') is var words ? char.ToUpperInvariant(words[0]) + words[1..] : kind,
        _ => HistoryWords.Of(kind),
    };

    /// <summary>Who did it, as people call them.</summary>
    public static string Who(ActivityRow row) => row switch
    {
        { ActorName: { } name } => name,
        { ActorId: "portal" } => "AdminPortal",
        { ActorId: "command-line" } => "Command line",
        { ActorId: "anonymous" } => "not signed in",
        _ when row.ActorId.StartsWith("device", StringComparison.Ordinal) => "The device",
        _ => row.ActorId,
    };

    /// <summary>What it was done to, in words; null: nothing in particular.</summary>
    public static string? Object(ActivityRow row) => row switch
    {
        { Subject: { } own } when own == row.ActorId => null, // signed in, signed out: who did it says it all
        { Source: ActivitySource.Portal } => row.SubjectName ?? row.Subject,
        { DeviceTitle: { } title } => title,
        _ => row.DeviceId,
    };
}
