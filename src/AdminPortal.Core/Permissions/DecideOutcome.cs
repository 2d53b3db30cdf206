using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>What came of deciding a device's request.</summary>
public abstract record DecideOutcome
{
    private DecideOutcome()
    {
    }

    public sealed record Done : DecideOutcome;

    /// <summary>Somebody was quicker; <paramref name="State"/> is one of <see cref="RequestState"/>.</summary>
    public sealed record AlreadyDecided(string State, string? By, DateTimeOffset? At) : DecideOutcome;

    public sealed record NotFound : DecideOutcome;

    /// <param name="NeedsAdmin">Set: this scope can be granted by an admin only.</param>
    public sealed record NotAllowed(PermissionScope? NeedsAdmin = null) : DecideOutcome;

    /// <summary>The pairing has ended, expired or is quarantined.</summary>
    public sealed record NotActive : DecideOutcome;

    public sealed record Invalid(string Message) : DecideOutcome;
}
