namespace AdminPortal.Core.Sync;

/// <summary>What came of an act on the sync of a device.</summary>
public abstract record SyncActOutcome
{
    private SyncActOutcome()
    {
    }

    public sealed record Done : SyncActOutcome;

    /// <summary>Someone was quicker, or the page was old.</summary>
    /// <param name="How"><c>restored</c>, <c>retried</c>, <c>dismissed</c>, <c>requested</c> or <c>cleared</c>.</param>
    public sealed record AlreadyDone(string How, string? By, DateTimeOffset? At) : SyncActOutcome;

    /// <summary>The fields were changed again after the conflict: what is there now is newer, and stays.</summary>
    public sealed record ChangedSince(IReadOnlyList<string> Fields) : SyncActOutcome;

    /// <summary>The row is gone, and what is kept of it is not enough to make it again.</summary>
    public sealed record RowIsGone : SyncActOutcome;

    /// <summary>It was tried again, and refused again.</summary>
    public sealed record StillRefused(string Problem, string Detail) : SyncActOutcome;

    public sealed record NotFound : SyncActOutcome;

    public sealed record NotAllowed : SyncActOutcome;
}
