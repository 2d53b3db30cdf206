namespace AdminPortal.Core.Backups;

/// <summary>What came of asking for something that has to do with backups.</summary>
public abstract record BackupOutcome
{
    private BackupOutcome()
    {
    }

    /// <summary>A run does it.</summary>
    public sealed record Started(string RunId) : BackupOutcome;

    /// <summary>Done at once.</summary>
    public sealed record Done : BackupOutcome;

    /// <summary>Another operation works on this target; at most one does at a time.</summary>
    public sealed record Busy(string RunId) : BackupOutcome;

    /// <summary>It would not be right; the message says why, and what to do.</summary>
    public sealed record Refused(string Message) : BackupOutcome;

    public sealed record NotAllowed : BackupOutcome;

    public sealed record NotFound : BackupOutcome;
}
