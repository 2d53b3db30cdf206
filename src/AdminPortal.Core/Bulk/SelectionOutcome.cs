namespace AdminPortal.Core.Bulk;

/// <summary>What came of freezing a selection of devices.</summary>
public abstract record SelectionOutcome
{
    private SelectionOutcome()
    {
    }

    public sealed record Frozen(string SelectionId, int Devices) : SelectionOutcome;

    public sealed record Empty : SelectionOutcome;

    /// <summary>More than one act takes; to be narrowed.</summary>
    public sealed record TooMany(int Limit) : SelectionOutcome;

    public sealed record NotAllowed : SelectionOutcome;
}
