namespace AdminPortal.Core.Sync;

/// <summary>A device of phase 0 and its user's last sync; times in UTC. Of the push token only whether there is one.</summary>
public sealed record SyncStatusRow(
    string Id, string DeviceId, string Platform, string? OsVersion, string AppVersion, bool HasPushToken, DateTime LastSeenAt,
    string UserId, string? UserName, string UserEmail, DateTime? LastSyncedAt, SyncVerdict Verdict)
{
    public string Person => UserName ?? UserEmail;
}
