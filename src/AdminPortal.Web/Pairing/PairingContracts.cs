using System.ComponentModel.DataAnnotations;
using AdminPortal.Core.Pairing;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Permissions;

namespace AdminPortal.Web.Pairing;

/// <summary>Asks for a pairing code.</summary>
/// <param name="Permissions">What the device is to be allowed: <c>"SCOPE"</c> or <c>{"scope","expiresAt"}</c>; at least one.</param>
/// <param name="DeviceType">Set: only a device of this type can use the code.</param>
/// <param name="PairingDays">How many days the pairing lasts; default 90.</param>
public sealed record SessionRequest([property: Required] IReadOnlyList<ScopeEntry?>? Permissions, DeviceType? DeviceType = null, string? DeviceName = null, int? PairingDays = null);

/// <summary>A pairing code to show. It lives for 120 seconds.</summary>
/// <param name="Svg">The QR code as an SVG document.</param>
public sealed record SessionAnswer(string SessionId, string Url, QrPayload QrPayload, string ShortCode, DateTimeOffset ExpiresAt, string Svg);

/// <summary>How far a pairing is, for the user who started it.</summary>
/// <param name="State">open, claimed, confirmed, collected, refused, expired or burnt.</param>
/// <param name="EndReason">Why it ended without a pairing, in a word.</param>
public sealed record SessionStatusAnswer(
    [property: AllowedValues("open", "claimed", "confirmed", "collected", "refused", "expired", "burnt")] string State, ClaimingDevice? Device, DateTimeOffset ExpiresAt,
    [property: AllowedValues(
        PairingEnds.RefusedByUser, PairingEnds.WrongNumber, PairingEnds.Withdrawn, PairingEnds.TooManyMisses, PairingEnds.Leaked, PairingEnds.AccountDisabled,
        PairingEnds.DeviceBelongsToAnother, PairingEnds.DeviceQuarantined, PairingEnds.DeviceLimitReached, PairingEnds.DeviceTypeNotAllowed)]
    string? EndReason);

/// <param name="MatchNumber">The two digits that the device shows.</param>
public sealed record ConfirmRequest([property: Required] string? MatchNumber);

/// <summary>A device presents a code: the QR payload with its own facts added, or the short code.</summary>
/// <param name="ClaimKey">256 random bits, base64url, that the device keeps so that it can repeat a lost call.</param>
public sealed record PairRequest(
    ScannedPayload? QrPayload, string? ShortCode, string? DeviceId, DeviceType? DeviceType, string? DeviceName = null,
    string? Platform = null, string? OsVersion = null, string? AppVersion = null, string? ClaimKey = null)
{
    internal ClaimRequest ToClaim(string? address, string? userAgent) => new(
        QrPayload?.SessionId, QrPayload?.PairingCode, ShortCode, QrPayload?.DeviceId ?? DeviceId, QrPayload?.DeviceType ?? DeviceType,
        DeviceName, Platform, OsVersion, AppVersion, ClaimKey, address, userAgent);
}

/// <summary>The QR code's payload with deviceId and deviceType added by the device. <c>userId</c>, <c>expiresAt</c> and <c>ttl</c> may be there and are not read.</summary>
public sealed record ScannedPayload([property: Required] string? SessionId, [property: Required] string? PairingCode, string? DeviceId, DeviceType? DeviceType);

/// <summary>The device shows the number and polls until its user has typed it in the portal.</summary>
public sealed record PendingAnswer(
    [property: AllowedValues("pending_confirmation")] string Status, string SessionId, string MatchNumber, string PollUrl, string PollToken, int PollIntervalSeconds, DateTimeOffset ExpiresAt);

/// <summary>Not confirmed yet: ask again.</summary>
public sealed record WaitingAnswer([property: AllowedValues("pending_confirmation")] string Status, int PollIntervalSeconds, DateTimeOffset ExpiresAt);

/// <summary>The device's token, to be kept by it as a secret.</summary>
public sealed record PairedAnswer(
    [property: AllowedValues("paired")] string Status, string DeviceId, string SessionToken, DateTimeOffset ExpiresAt, IReadOnlyList<ScopeEntry> Permissions)
{
    internal static PairedAnswer From(PairedDevice device) => new(
        "paired", device.DeviceId, device.SessionToken, device.ExpiresAt, [.. device.Permissions.Select(p => new ScopeEntry(p.Scope, p.ExpiresAt))]);
}

/// <summary>Whose account a code belongs to and what it would allow; asking claims nothing.</summary>
/// <param name="Account">The e-mail address, masked.</param>
public sealed record PreviewAnswer(
    string Account, IReadOnlyList<PreviewScope> Permissions, DeviceType? DeviceType, DateTimeOffset ExpiresAt, int PairingDays);

/// <param name="Label">The scope in plain words.</param>
public sealed record PreviewScope(PermissionScope Scope, string Label, DateTimeOffset? ExpiresAt);
