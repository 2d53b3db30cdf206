using AdminPortal.Core.Permissions;
using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Pairing;

/// <summary>What came of presenting a code.</summary>
public abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    /// <summary>The device has to show the number, and poll with the token until the user has typed it.</summary>
    public sealed record PendingConfirmation(string SessionId, string MatchNumber, string PollToken, DateTimeOffset ExpiresAt) : ClaimOutcome;

    /// <summary>Paired at once, because the portal runs without confirmation.</summary>
    public sealed record Paired(PairedDevice Device) : ClaimOutcome;

    public sealed record Invalid(string Message) : ClaimOutcome;

    public sealed record CodeWrong : ClaimOutcome;

    public sealed record CodeExpired : ClaimOutcome;

    public sealed record CodeBurnt : ClaimOutcome;

    public sealed record CodeUsed : ClaimOutcome;

    /// <param name="Reason">One of <see cref="PairingEnds"/>.</param>
    public sealed record Refused(string? Reason) : ClaimOutcome;

    public sealed record DeviceBelongsToAnother : ClaimOutcome;

    public sealed record DeviceQuarantined : ClaimOutcome;

    /// <summary>The person has as many devices that work as a policy allows.</summary>
    public sealed record DeviceLimitReached : ClaimOutcome;

    /// <summary>A policy does not allow devices of this type.</summary>
    public sealed record DeviceTypeNotAllowed : ClaimOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : ClaimOutcome;
}

/// <summary>A device's new token, told once, and what it is good for.</summary>
public sealed record PairedDevice(string DeviceId, string SessionToken, DateTimeOffset ExpiresAt, IReadOnlyList<ScopeGrant> Permissions);

/// <summary>What a code would allow and on whose account, for the device's user to see before the claim.</summary>
/// <param name="Account">The e-mail address with most of it masked.</param>
public sealed record CodePreview(string Account, IReadOnlyList<ScopeGrant> Scopes, DeviceType? DeviceType, DateTimeOffset ExpiresAt, int PairingDays);

/// <summary>What came of asking for a preview.</summary>
public abstract record PreviewOutcome
{
    private PreviewOutcome()
    {
    }

    public sealed record Found(CodePreview Preview) : PreviewOutcome;

    /// <summary>The same reasons for which a claim would fail.</summary>
    public sealed record Failed(ClaimOutcome Reason) : PreviewOutcome;
}
