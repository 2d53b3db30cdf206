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
        DeviceEventKind.Renamed, DeviceEventKind.PermissionGranted, DeviceEventKind.PermissionRemoved, DeviceEventKind.PermissionExpired,
        DeviceEventKind.PermissionRequested, DeviceEventKind.PermissionRefused, DeviceEventKind.Quarantined, DeviceEventKind.Released, DeviceEventKind.Revoked,
        DeviceEventKind.Acknowledged, DeviceEventKind.Expired, DeviceEventKind.Disowned, DeviceEventKind.AlertClosed, DeviceEventKind.PolicyWarned, DeviceEventKind.MovedAway, DeviceEventKind.Removed,
        DeviceEventKind.SyncRebound, DeviceEventKind.ResyncRequested, DeviceEventKind.ConflictRestored, DeviceEventKind.SyncDismissed, DeviceEventKind.RejectionRetried,
        DeviceEventKind.PushTokenCleared, DeviceEventKind.ConsentGiven, DeviceEventKind.ConsentEnded,
        "sign-in.ok", "sign-in.failed", "sign-in.locked", "sign-out.ok", "account.created", "account.disabled", "account.enabled", "account.role-changed", "account.linked",
        "account.devices-ended", "account.password-changed", "account.password-reset", "account.reset-link-made", "account.reset-link-mailed", "account.notices-by-mail",
        "run.started", "run.stop-requested", "run.finished", "job.started", "policy.switched-on", "policy.switched-off", "policy.exempted", "policy.exemption-ended", "service-key.created", "service-key.revoked", "sync.minimum-version-set", "sync.thresholds-set",
        "migration.approved", "migration.resolved", "target.accepted", "duplicate.resolved", "backup.downloaded", "backup.kept", "backup.released", "backup.removed",
        "checklist.ticked", "checklist.tick-taken-back", "activity.exported", "devices.exported", "users.exported", "sample-data.created", "sample-data.removed",
    ];

    public static string Of(string kind) => kind switch
    {
        "sign-in.ok" => "Signed in",
        "sign-in.failed" => "Sign-in failed",
        "sign-in.locked" => "Locked after wrong passwords",
        "sign-out.ok" => "Signed out",
        "account.created" => "Account made",
        "account.disabled" => "Account disabled",
        "account.enabled" => "Account enabled",
        "account.role-changed" => "Role changed",
        "account.linked" => "Account linked to a person",
        "account.devices-ended" => "Devices of a disabled account ended",
        "account.password-changed" => "Password changed",
        "account.password-reset" => "Password chosen by link",
        "account.reset-link-made" => "Password link made",
        "account.reset-link-mailed" => "Password link mailed",
        "account.notices-by-mail" => "Notices by mail switched",
        "run.started" => "Run started",
        "run.stop-requested" => "Run told to stop",
        "run.finished" => "Run finished",
        "job.started" => "Job started by hand",
        "policy.switched-on" => "Policy switched on",
        "policy.switched-off" => "Policy switched off",
        "policy.exempted" => "Exempted from a policy",
        "policy.exemption-ended" => "Exemption from a policy ended",
        "service-key.created" => "Service key made",
        "service-key.revoked" => "Service key ended",
        "sync.minimum-version-set" => "Minimum app version set",
        "sync.thresholds-set" => "Sync thresholds set",
        "migration.approved" => "Migrations approved",
        "migration.resolved" => "Migration resolved",
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
        { ActorId: "anonymous" } => "Somebody not signed in",
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
