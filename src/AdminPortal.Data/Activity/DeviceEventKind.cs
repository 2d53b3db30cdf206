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

    /// <summary>The deviceId was paired by another person after this one's pairing had ended.</summary>
    public const string MovedAway = "moved-away";
}
