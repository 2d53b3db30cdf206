namespace AdminPortal.Data.Notices;

/// <summary>The words of <see cref="PendingNotice.Kind"/> and <see cref="Notice.Kind"/>.</summary>
public static class NoticeKind
{
    public const string DevicePaired = "device-paired";
    public const string DeviceRevoked = "device-revoked";
    public const string DeviceQuarantined = "device-quarantined";
    public const string DeviceReleased = "device-released";
    public const string ScopesChanged = "scopes-changed";
    public const string ScopesExpiring = "scopes-expiring";
    public const string PairingExpiring = "pairing-expiring";
    public const string PermissionRequested = "permission-requested";
    public const string PermissionDecided = "permission-decided";
    public const string CodeLeakBlocked = "code-leak-blocked";
    public const string PolicyWarning = "policy-warning";

    /// <summary>To admins: an owner said "this was not me".</summary>
    public const string DeviceDisowned = "device-disowned";

    /// <summary>To an owner who said so: an admin has looked at it.</summary>
    public const string AlertConcluded = "alert-concluded";
}
