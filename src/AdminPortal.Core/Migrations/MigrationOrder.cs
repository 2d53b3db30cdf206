namespace AdminPortal.Core.Migrations;

/// <summary>What a run is to do: the work's parameters, stored with the run.</summary>
/// <param name="Identity">Of the database that was looked at.</param>
/// <param name="Steps">The migrations in the order in which they are taken, each with the hash of the SQL that was shown.</param>
/// <param name="WithBackup">False: an admin said why none is needed.</param>
/// <param name="ApprovalHash">Of the preview that was approved; null: what runs needs no approval.</param>
internal sealed record MigrationOrder(string Identity, IReadOnlyList<MigrationOrderStep> Steps, bool WithBackup, string? ApprovalHash = null);

/// <param name="SqlHash">Of the migration's way up, whichever way it is taken.</param>
internal sealed record MigrationOrderStep(string MigrationId, string SqlHash);

/// <summary>What came of asking for a migration.</summary>
public abstract record MigrationOutcome
{
    private MigrationOutcome()
    {
    }

    /// <summary>It runs; see the run.</summary>
    public sealed record Started(string RunId) : MigrationOutcome;

    /// <summary>Another operation works on this target.</summary>
    public sealed record AlreadyRunning(string RunId) : MigrationOutcome;

    /// <summary>There is nothing to do.</summary>
    public sealed record Nothing(string Message) : MigrationOutcome;

    /// <summary>A gate, a check or a missing approval stands in the way; each in words.</summary>
    public sealed record Refused(IReadOnlyList<string> Reasons) : MigrationOutcome;

    /// <summary>What was shown is not what would run now: look again.</summary>
    public sealed record Changed : MigrationOutcome;

    public sealed record NotAllowed : MigrationOutcome;

    public sealed record NoSuchTarget(IReadOnlyList<string> Known) : MigrationOutcome;

    /// <summary>The target is away, busy, or another database.</summary>
    public sealed record NotReady(MigrationStatus Status) : MigrationOutcome;
}
