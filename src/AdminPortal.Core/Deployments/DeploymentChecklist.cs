using AdminPortal.Core.Migrations;
using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Deployments;

/// <summary>How far the deployment of one release on one target is proven.</summary>
/// <param name="Release">The id of its newest migration.</param>
/// <param name="Releases">Every release that is known of this target, the newest first.</param>
/// <param name="Stage">Where it was to be tried first: the target that this one requires, or itself.</param>
/// <param name="Migrations">The migrations that it brings, in their order.</param>
/// <param name="Run">The latest run that deployed it; null: none did.</param>
/// <param name="RolledBackAt">When it was taken back after that run; null: it was not.</param>
public sealed record DeploymentChecklist(
    string Target, string Release, IReadOnlyList<string> Releases, string Stage, IReadOnlyList<string> Migrations, DeploymentRun? Run, DateTimeOffset? RolledBackAt,
    IReadOnlyList<ChecklistLine> Lines)
{
    public string Name => MigrationScript.NameOf(Release);

    public int DoneLines => Lines.Count(l => l.IsDone);

    public bool IsComplete => DoneLines == Lines.Count;
}

/// <summary>The run that deployed a release; times in UTC.</summary>
public sealed record DeploymentRun(
    string Id, string Title, RunState State, string? ActorName, string? Reason, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public bool IsFinished => FinishedAt is not null;
}
