using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Deployments;

/// <summary>How far a release is on its way to one target.</summary>
/// <param name="Release">The name of the newest migration that it brings, or brought; null: not known while the target cannot be asked.</param>
/// <param name="Steps">In the order in which they are done; empty while the target cannot be asked.</param>
/// <param name="Preview">What would run; null: nothing is pending, or the target cannot be asked.</param>
/// <param name="BackupId">The backup to prove, or that is proven.</param>
public sealed record ReleaseLane(
    TargetRow Target, string? Release, IReadOnlyList<ReleaseStep> Steps, ReleaseNext Next, MigrationPreview? Preview = null, string? BackupId = null)
{
    /// <summary>True when the release is in place and nothing is left to do.</summary>
    public bool IsDone => Next.Act == ReleaseAct.None && Steps.Count > 0;

    /// <summary>True when a backup from before the release is proven.</summary>
    public bool IsBackedUp => Steps.Any(s => s is { Id: ReleaseStep.Prove, IsDone: true });
}

/// <summary>A step of a release.</summary>
/// <param name="Id">Never changes.</param>
/// <param name="Note">Beside the title, such as when; null: nothing.</param>
public sealed record ReleaseStep(string Id, string Title, bool IsDone, string? Note = null)
{
    public const string Backup = "backup";
    public const string Prove = "prove";
    public const string Approve = "approve";
    public const string Apply = "apply";
    public const string Verify = "verify";
    public const string WayBack = "way-back";
}

/// <summary>What a person does next.</summary>
public enum ReleaseAct
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Waits for a run, or for another target.</summary>
    Wait,

    /// <summary>Something stands in the way; its page says what.</summary>
    Look,
    BackUp,
    Prove,
    Approve,
    Apply,
    Verify,
}

/// <param name="Words">Why, in one sentence.</param>
/// <param name="Address">The page that tells more; null: none.</param>
public sealed record ReleaseNext(ReleaseAct Act, string Words, string? Address = null);
