namespace AdminPortal.Core.ServiceKeys;

/// <summary>What came of an act on service keys.</summary>
public abstract record ServiceKeyOutcome
{
    private ServiceKeyOutcome()
    {
    }

    /// <param name="Key">The only time that the key is seen.</param>
    public sealed record Created(string Id, string Key) : ServiceKeyOutcome;

    public sealed record Revoked : ServiceKeyOutcome;

    /// <summary>Someone was quicker, or the page was old.</summary>
    public sealed record AlreadyRevoked(DateTimeOffset At, string? By) : ServiceKeyOutcome;

    /// <summary>A living key has this name.</summary>
    public sealed record NameTaken : ServiceKeyOutcome;

    public sealed record NotFound : ServiceKeyOutcome;

    public sealed record NotAllowed : ServiceKeyOutcome;

    public sealed record Invalid(string Message) : ServiceKeyOutcome;
}
