namespace AdminPortal.Core.Pairing;

/// <summary>Why a session ended without a pairing: the words of <c>pairing_sessions.endReason</c>.</summary>
public static class PairingEnds
{
    public const string RefusedByUser = "refused";
    public const string WrongNumber = "wrong-number";

    /// <summary>The page was closed or showed another code.</summary>
    public const string Withdrawn = "withdrawn";
    public const string TooManyMisses = "too-many-misses";

    /// <summary>A second holder presented the right secret: the code was photographed or passed on.</summary>
    public const string Leaked = "leaked";
    public const string AccountDisabled = "account-disabled";
    public const string DeviceBelongsToAnother = "device-belongs-to-another";
    public const string DeviceQuarantined = "device-quarantined";

    /// <summary>A policy: the person has as many devices that work as are allowed.</summary>
    public const string DeviceLimitReached = "device-limit-reached";

    /// <summary>A policy: devices of this type cannot be paired.</summary>
    public const string DeviceTypeNotAllowed = "device-type-not-allowed";
}
