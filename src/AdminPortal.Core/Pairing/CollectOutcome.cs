namespace AdminPortal.Core.Pairing;

/// <summary>What a device hears when it asks for its token.</summary>
public abstract record CollectOutcome
{
    private CollectOutcome()
    {
    }

    public sealed record Paired(PairedDevice Device) : CollectOutcome;

    /// <summary>The user has not typed the number yet.</summary>
    public sealed record Pending(DateTimeOffset ExpiresAt) : CollectOutcome;

    /// <param name="Reason">One of <see cref="PairingEnds"/>.</param>
    public sealed record Refused(string? Reason) : CollectOutcome;

    public sealed record Expired : CollectOutcome;

    public sealed record Burnt : CollectOutcome;

    /// <summary>The token was collected and used or ended, or ten minutes have passed: it is not told again.</summary>
    public sealed record AlreadyCollected : CollectOutcome;

    public sealed record DeviceBelongsToAnother : CollectOutcome;

    public sealed record DeviceQuarantined : CollectOutcome;

    /// <summary>The person has as many devices that work as a policy allows.</summary>
    public sealed record DeviceLimitReached : CollectOutcome;

    /// <summary>A policy does not allow devices of this type.</summary>
    public sealed record DeviceTypeNotAllowed : CollectOutcome;

    /// <summary>No session with this id and poll token.</summary>
    public sealed record Unknown : CollectOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : CollectOutcome;
}
