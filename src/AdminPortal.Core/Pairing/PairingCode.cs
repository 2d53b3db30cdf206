using AdminPortal.Core.Permissions;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Pairing;

/// <summary>What a new code is to allow; bound to it before anyone sees it.</summary>
/// <param name="Scopes">At least one.</param>
/// <param name="DeviceType">Set: only a device of this type can use the code.</param>
/// <param name="DeviceName">Set: the device gets this name whatever it calls itself. At most 80 characters.</param>
/// <param name="PairingDays">How long the pairing lasts; null: <see cref="PairingOptions.DefaultDays"/>.</param>
public sealed record CodeRequest(
    IReadOnlyList<ScopeGrant> Scopes, DeviceType? DeviceType = null, string? DeviceName = null, int? PairingDays = null);

/// <summary>What the QR code says; names as in the guide. The device adds its deviceId and deviceType when it claims.</summary>
/// <param name="ExpiresAt">Milliseconds since 1970-01-01 UTC.</param>
/// <param name="Ttl">Seconds from now, for devices whose clock is wrong.</param>
public sealed record QrPayload(string SessionId, string UserId, string PairingCode, long ExpiresAt, int Ttl);

/// <summary>A code to show. Its secrets exist only here and on the screen.</summary>
public sealed record PairingCode(
    string SessionId, string Url, QrPayload QrPayload, string ShortCode, DateTimeOffset ExpiresAt, string Svg);

/// <summary>What came of asking for a code.</summary>
public abstract record CreateCodeOutcome
{
    private CreateCodeOutcome()
    {
    }

    public sealed record Created(PairingCode Code) : CreateCodeOutcome;

    public sealed record Invalid(string Message) : CreateCodeOutcome;

    /// <summary>The account is not linked to a person of the primary target, so there is nobody to pair a device with.</summary>
    public sealed record NotLinked : CreateCodeOutcome;

    /// <summary>The code was asked for by a device; or by a person for scopes that only an admin can grant.</summary>
    /// <param name="NeedAdmin">Those scopes; null: it was a device.</param>
    public sealed record NotAllowed(IReadOnlyList<PermissionScope>? NeedAdmin = null) : CreateCodeOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : CreateCodeOutcome;
}
