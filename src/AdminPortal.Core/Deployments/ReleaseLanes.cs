using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Deployments;

/// <summary>The way of the release over all targets: what is done on each, and what a person does next. For admins and support.</summary>
public sealed class ReleaseLanes
{
    private readonly TargetList targets;
    private readonly DeploymentReader reader;
    private readonly MigrationPreviews previews;

    internal ReleaseLanes(TargetList targets, DeploymentReader reader, MigrationPreviews previews) => (this.targets, this.reader, this.previews) = (targets, reader, previews);

    /// <summary>In the order in which a release passes them; empty for people who do not see everyone's devices.</summary>
    public async Task<IReadOnlyList<ReleaseLane>> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        List<ReleaseLane> lanes = [];
        foreach (var row in await targets.ReadAsync(actor, cancellationToken))
        {
            var facts = row.Status is MigrationStatus.Known { NeedsAdoption: false } ? await reader.ReadAsync(row.Name, null, cancellationToken) : null;
            var pending = row is { Running: null, Status: MigrationStatus.Known { NeedsAdoption: false, Pending.Count: > 0 } };
            lanes.Add(Of(row, facts, pending ? (await previews.ReadAsync(row.Name, cancellationToken)).Preview : null, actor));
        }

        return lanes;
    }

    internal static ReleaseLane Of(TargetRow row, DeploymentFacts? facts, MigrationPreview? preview, Actor actor)
    {
        if (facts is null || row.Status is not MigrationStatus.Known status)
        {
            return new ReleaseLane(row, null, [], Without(row));
        }

        var applied = status.Pending.Count == 0;
        var backup = applied ? ChecklistRules.BackupOf(facts) : ChecklistRules.FreshBackupOf(facts);
        var verified = ChecklistRules.VerificationOf(facts);
        List<ReleaseStep> steps =
        [
            new(ReleaseStep.Backup, "Backup", backup is not null, applied && backup is null ? "none from before it" : null),
            new(ReleaseStep.Prove, "Proven", backup?.RestoredAt is not null),
            new(ReleaseStep.Approve, "SQL approved", applied || preview?.Approval is not null, preview?.Approval?.ActorName is { } by ? $"by {by}" : null),
            new(ReleaseStep.Apply, "Applied", applied),
            new(ReleaseStep.Verify, "Verified", applied && verified is { Passed: true }, applied && verified is { Passed: false } ? $"{verified.Errors} errors" : null),
        ];
        if (facts.IsOwnStage)
        {
            steps.Add(new ReleaseStep(ReleaseStep.WayBack, "Way back tried", ChecklistRules.Of(facts).Any(line => line is { Id: "rollback", IsDone: true })));
        }

        return new ReleaseLane(row, MigrationScript.NameOf(facts.Release), steps, Next(row, status, preview, steps, actor), preview, backup?.Id);
    }

    private static ReleaseNext Without(TargetRow row) => row.Status switch
    {
        _ when row.Running is { } run => Running(run),
        MigrationStatus.Down down => new ReleaseNext(ReleaseAct.Look, $"It cannot be reached. {down.Reason}", $"/migrations/{row.Name}"),
        MigrationStatus.Foreign => new ReleaseNext(ReleaseAct.Look, "Another database answers than before.", $"/migrations/{row.Name}"),
        MigrationStatus.Known => new ReleaseNext(ReleaseAct.Look, "Its tables were made by another program: adopt it first.", $"/migrations/{row.Name}"),
        _ => new ReleaseNext(ReleaseAct.Wait, "A migration runs at this moment.", "/runs"),
    };

    private static ReleaseNext Running(TargetRun run) => new(ReleaseAct.Wait, $"Running: {run.Title}", $"/runs/{run.Id}");

    private static ReleaseNext Next(TargetRow row, MigrationStatus.Known status, MigrationPreview? preview, IReadOnlyList<ReleaseStep> steps, Actor actor)
    {
        bool Is(string step) => steps.Any(s => s.Id == step && s.IsDone);
        if (row.Running is { } run)
        {
            return Running(run);
        }

        if (status.Pending.Count == 0)
        {
            return Is(ReleaseStep.Backup) && !Is(ReleaseStep.Prove) ? new ReleaseNext(ReleaseAct.Prove, "The backup from before it was not restored yet.")
                : !Is(ReleaseStep.Verify) ? new ReleaseNext(ReleaseAct.Verify, "Not verified with this release in place.", $"/verification/{row.Name}")
                : new ReleaseNext(ReleaseAct.None, "Done.");
        }

        return preview switch
        {
            null => new ReleaseNext(ReleaseAct.Wait, "The database is being asked."),
            { Gate: { IsOpen: false, Requires: { } stage } } => new ReleaseNext(ReleaseAct.Wait, $"{stage} comes first.", $"/migrations/{row.Name}"),
            { Obstacles: [var obstacle, ..] } => new ReleaseNext(ReleaseAct.Look, obstacle, $"/migrations/{row.Name}"),
            _ when !Is(ReleaseStep.Backup) => new ReleaseNext(ReleaseAct.BackUp, "No backup of the last 24 hours."),
            _ when !Is(ReleaseStep.Prove) => new ReleaseNext(ReleaseAct.Prove, "The backup was not restored yet."),
            { Approval: null } => new ReleaseNext(ReleaseAct.Approve, "Read the SQL, and approve it.", $"/migrations/{row.Name}"),
            _ when preview.ApprovalFor(actor) is null => new ReleaseNext(ReleaseAct.Wait, "You approved it: another admin applies it.", $"/migrations/{row.Name}"),
            _ => new ReleaseNext(ReleaseAct.Apply, "Everything is ready.", $"/migrations/{row.Name}"),
        };
    }
}
