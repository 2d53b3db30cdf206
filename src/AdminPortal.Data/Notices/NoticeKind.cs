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

    /// <summary>A policy brought the end of pairings forward.</summary>
    public const string PairingShortened = "pairing-shortened";

    /// <summary>To admins: a policy would act on so many devices that it waits for a yes.</summary>
    public const string PolicyHeld = "policy-held";

    /// <summary>To who runs the portal: a job failed or was cut off.</summary>
    public const string JobFailed = "job-failed";

    /// <summary>To who runs the portal: a backup, a migration or another run failed.</summary>
    public const string RunFailed = "run-failed";

    /// <summary>To who runs the portal: a verification found errors.</summary>
    public const string VerificationFailed = "verification-failed";

    /// <summary>To who runs the portal: people wait for an answer for more than a day.</summary>
    public const string QueueWaits = "queue-waits";

    /// <summary>To who runs the portal: many attempts were refused within an hour.</summary>
    public const string AttemptsRefused = "attempts-refused";

    /// <summary>To an owner who said so: an admin has looked at it.</summary>
    public const string AlertConcluded = "alert-concluded";
}
