namespace AdminPortal.Core.Devices;

/// <summary>What came of a device's word that it knows its access has ended.</summary>
public abstract record AcknowledgeOutcome
{
    private AcknowledgeOutcome()
    {
    }

    /// <summary>Noted; <paramref name="At"/> is when it was said first.</summary>
    public sealed record Noted(DateTimeOffset At) : AcknowledgeOutcome;

    /// <summary>The token still works, or only ran out: there is nothing to acknowledge.</summary>
    public sealed record NothingEnded : AcknowledgeOutcome;

    public sealed record Unknown : AcknowledgeOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : AcknowledgeOutcome;
}
