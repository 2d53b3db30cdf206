namespace AdminPortal.Data.Pairing;

/// <summary>
/// The stages of a pairing session: <c>Open → Claimed → Confirmed → Collected</c>, or one of the ends below them.
/// Stored by name in lower case.
/// </summary>
public enum PairingState
{
    /// <summary>The code is on the user's screen.</summary>
    Open,

    /// <summary>A device presented the code; the user has not confirmed it.</summary>
    Claimed,

    /// <summary>The user typed the device's number; the device may collect its token.</summary>
    Confirmed,

    /// <summary>The device has its token; rows exist in <c>device_pairings</c> and <c>device_permissions</c>.</summary>
    Collected,

    /// <summary>The user said no, typed a wrong number, or withdrew the code.</summary>
    Refused,

    /// <summary>Too many wrong secrets, or a second holder of the code.</summary>
    Burnt,
}
