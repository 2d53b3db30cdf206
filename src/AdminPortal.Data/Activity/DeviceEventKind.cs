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

    /// <summary>The deviceId was paired by another person after this one's pairing had ended.</summary>
    public const string MovedAway = "moved-away";

    /// <summary>The pairing had ended and run out long ago, and its row was cleaned up.</summary>
    public const string Removed = "removed";
}
