namespace AdminPortal.Core.Deployments;

/// <summary>What came of ticking a line by hand, or of taking that back.</summary>
public abstract record ChecklistOutcome
{
    private ChecklistOutcome()
    {
    }

    public sealed record Done : ChecklistOutcome;

    /// <summary>Nothing was changed; the message says why.</summary>
    public sealed record Refused(string Message) : ChecklistOutcome;

    public sealed record NotAllowed : ChecklistOutcome;

    /// <summary>There is no such target, release or line.</summary>
    public sealed record NotFound : ChecklistOutcome;
}
