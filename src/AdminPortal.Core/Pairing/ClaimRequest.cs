using System.Text.RegularExpressions;
using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Pairing;

/// <summary>
/// What a device says when it presents a code. Whatever it says of users and expiry is not read: the session knows.
/// Exactly one of (<see cref="SessionId"/> with <see cref="PairingCode"/>) and <see cref="ShortCode"/> is given.
/// </summary>
/// <param name="ClaimKey">256 random bits in base64url that the device keeps, so that it can repeat a lost call; absent: the portal makes one.</param>
public sealed partial record ClaimRequest(
    string? SessionId,
    string? PairingCode,
    string? ShortCode,
    string? DeviceId,
    DeviceType? DeviceType,
    string? DeviceName = null,
    string? Platform = null,
    string? OsVersion = null,
    string? AppVersion = null,
    string? ClaimKey = null,
    string? Address = null,
    string? UserAgent = null)
{
    private const int UserAgentLength = 512;

    /// <summary>Cut to the length that is kept, and never inside a character: the database takes no half ones.</summary>
    public string? StoredUserAgent => UserAgent is not { Length: > UserAgentLength } text ? UserAgent
        : text[..(char.IsHighSurrogate(text[UserAgentLength - 1]) ? UserAgentLength - 1 : UserAgentLength)];

    /// <summary>What it says of itself, made to fit. A system makes long names from a person's and the model's, and nobody can change them there.</summary>
    public ClaimRequest Fitting() => this with
    {
        DeviceName = Names.Fit(DeviceName),
        Platform = Names.Fit(Platform),
        OsVersion = Names.Fit(OsVersion),
        AppVersion = Names.Fit(AppVersion),
    };

    /// <summary>The sentence that says what is wrong with the code, or null.</summary>
    public string? CheckCode()
    {
        var byCode = !string.IsNullOrEmpty(SessionId) && !string.IsNullOrEmpty(PairingCode);
        return byCode == !string.IsNullOrEmpty(ShortCode) ? "Send either qrPayload with sessionId and pairingCode, or shortCode." : null;
    }

    /// <summary>The sentence that says what is wrong with the request, or null.</summary>
    public string? Check()
    {
        if (CheckCode() is { } problem)
        {
            return problem;
        }

        if (DeviceId is null || !DeviceIdPattern().IsMatch(DeviceId))
        {
            return "deviceId must be 1 to 128 characters of A-Z a-z 0-9 . _ : -";
        }

        if (DeviceType is null || !Enum.IsDefined(DeviceType.Value))
        {
            return "deviceType must be one of DESKTOP, MOBILE_IOS, MOBILE_ANDROID, TABLET.";
        }

        if (ClaimKey is not null && !PairingSecrets.IsClaimKey(ClaimKey))
        {
            return "claimKey must be 256 random bits in base64url: 43 characters.";
        }

        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DeviceIdPattern();
}
