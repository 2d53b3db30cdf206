using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>What came of a device's asking for scopes.</summary>
public abstract record AskOutcome
{
    private AskOutcome()
    {
    }

    /// <summary>Each scope that was asked for, and how it stands with it now.</summary>
    public sealed record Asked(IReadOnlyList<AskedScope> Scopes) : AskOutcome;

    /// <summary>The pairing ended in this moment.</summary>
    public sealed record NotActive : AskOutcome;

    public sealed record Invalid(string Message) : AskOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : AskOutcome;
}

/// <summary>A scope that a device asked for; times in UTC.</summary>
/// <param name="State"><c>open</c>, <c>granted</c>, <c>refused</c>, <c>void</c>; or <c>held</c>: the device has it for at least that long, and nobody needs to decide.</param>
/// <param name="Until">Until when it was asked for; null: as long as the pairing lasts.</param>
/// <param name="Answer">What the person who decided said, if anything.</param>
public sealed record AskedScope(
    string? Id, PermissionScope Scope, string State, DateTimeOffset? Until, string? Reason, DateTimeOffset? AskedAt, DateTimeOffset? DecidedAt, string? Answer);
