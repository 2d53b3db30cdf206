namespace AdminPortal.Core.Bulk;

/// <summary>What came of starting a bulk act or taking one back.</summary>
public abstract record BulkOutcome
{
    private BulkOutcome()
    {
    }

    /// <summary>It runs in the background; the page of the run shows how far it is.</summary>
    public sealed record Started(string RunId) : BulkOutcome;

    /// <summary>A second click, or a second admin: it runs, or ran, already.</summary>
    public sealed record AlreadyStarted(string RunId) : BulkOutcome;

    /// <summary>The devices changed since the preview: so many would change now. Nothing was started.</summary>
    public sealed record Changed(int Devices) : BulkOutcome;

    /// <summary>Nothing is left that could be taken back.</summary>
    public sealed record NothingToUndo : BulkOutcome;

    public sealed record NotFound : BulkOutcome;

    public sealed record NotAllowed : BulkOutcome;

    public sealed record Invalid(string Message) : BulkOutcome;
}
