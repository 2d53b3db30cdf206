using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>What came of extending a grant.</summary>
public abstract record ExtendOutcome
{
    private ExtendOutcome()
    {
    }

    public sealed record Done(DateTimeOffset Until) : ExtendOutcome;

    /// <summary>The grant does not end where the person saw it end: somebody was quicker.</summary>
    public sealed record ChangedMeanwhile(DateTime? EndsAt) : ExtendOutcome;

    public sealed record NotFound : ExtendOutcome;

    /// <param name="NeedsAdmin">Set: this scope can be granted by an admin only.</param>
    public sealed record NotAllowed(PermissionScope? NeedsAdmin = null) : ExtendOutcome;

    public sealed record NotActive : ExtendOutcome;
}
