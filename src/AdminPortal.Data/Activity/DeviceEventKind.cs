namespace AdminPortal.Data.Activity;

/// <summary>The words of <see cref="DeviceEvent.Kind"/>.</summary>
public static class DeviceEventKind
{
    public const string Scanned = "scanned";
    public const string Confirmed = "confirmed";
    public const string Refused = "refused";
    public const string CodeBurnt = "code-burnt";
    public const string CodeLeaked = "code-leaked";
    public const string Paired = "paired";
    public const string Renamed = "renamed";
    public const string PermissionGranted = "permission-granted";
    public const string PermissionRemoved = "permission-removed";
    public const string PermissionExpired = "permission-expired";
    public const string Quarantined = "quarantined";
    public const string Released = "released";
    public const string Revoked = "revoked";
    public const string Acknowledged = "acknowledged";
    public const string Expired = "expired";

    /// <summary>The device had its pairing go on before it ended.</summary>
    public const string Renewed = "renewed";

    /// <summary>The device asked to keep or get a scope.</summary>
    public const string PermissionRequested = "permission-requested";

    /// <summary>The owner or an admin said no to such a request.</summary>
    public const string PermissionRefused = "permission-refused";

    /// <summary>The owner said "this was not me": the device is quarantined and an alert is open.</summary>
    public const string Disowned = "disowned";

    /// <summary>An admin looked at what the owner reported, and concluded.</summary>
    public const string AlertClosed = "alert-closed";

    /// <summary>A policy announced what it will do.</summary>
    public const string PolicyWarned = "policy-warned";

    /// <summary>A policy brought the end of a pairing forward.</summary>
    public const string PolicyShortened = "policy-shortened";

    /// <summary>The deviceId was paired by another person after this one's pairing had ended.</summary>
    public const string MovedAway = "moved-away";

    /// <summary>The device registered for sync under another person: its push token and everything it had read are forgotten.</summary>
    public const string SyncRebound = "sync-rebound";

    /// <summary>Someone asked the device to read everything again.</summary>
    public const string ResyncRequested = "resync-requested";

    /// <summary>That was taken back before the device began.</summary>
    public const string ResyncTakenBack = "resync-taken-back";

    /// <summary>A value that lost a conflict was put back.</summary>
    public const string ConflictRestored = "conflict-restored";

    /// <summary>A lost value, or a rejected change, was looked at and left as it is.</summary>
    public const string SyncDismissed = "sync-dismissed";

    /// <summary>A rejected change of the device was applied after all.</summary>
    public const string RejectionRetried = "rejection-retried";

    /// <summary>The push token was forgotten; the device sends a new one when it registers.</summary>
    public const string PushTokenCleared = "push-token-cleared";

    /// <summary>The person let a named colleague see the words of their tasks for a while.</summary>
    public const string ConsentGiven = "consent-given";

    /// <summary>That ended.</summary>
    public const string ConsentEnded = "consent-ended";

    /// <summary>The pairing had ended and run out long ago, and its row was cleaned up.</summary>
    public const string Removed = "removed";
}
