using System.Text.Json;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Deployments;

/// <summary>
/// Reads what is on record about a release on a target. The target itself is asked only which migrations it lacks, and only
/// when nothing runs there; a target that is away changes no evidence.
/// </summary>
internal sealed class DeploymentReader(
    TargetAccess access, HostMappings mappings, MigrationStatuses statuses, Verifications verifications, IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private const int MostRuns = 200;
    private const int MostBackups = 100;
    private const int MostVerifications = 12;
    private const int MostStageVerifications = 100;

    /// <summary>Null: there is no such target or release.</summary>
    /// <param name="release">The id of its newest migration; null: the one that is being deployed, is pending, or was deployed last.</param>
    public async Task<DeploymentFacts?> ReadAsync(string target, string? release, CancellationToken cancellationToken)
    {
        if (access.Find(target) is not { } name)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var set = await mappings.SetAsync(name, cancellationToken);
        var runs = await RunsAsync(db, name, cancellationToken);
        var pending = runs is [{ Run.IsFinished: false }, ..] ? [] : await PendingAsync(name, set, cancellationToken);
        List<string> releases = [.. runs.Select(r => r.Release).Append(pending is [.., var last] ? last.MigrationId : set.All[^1].Id).Distinct().OrderDescending(StringComparer.Ordinal)];
        var chosen = release ?? (runs is [{ Run.IsFinished: false } running, ..] ? running.Release : pending is [.., var next] ? next.MigrationId : runs.FirstOrDefault()?.Release ?? releases[0]);
        return releases.Contains(chosen) ? await FactsAsync(db, name, set, chosen, releases, runs.FindAll(r => r.Release == chosen), pending, cancellationToken) : null;
    }

    private async Task<DeploymentFacts> FactsAsync(
        PortalDbContext db, string target, MigrationSet set, string release, IReadOnlyList<string> releases, List<Deployment> runs, IReadOnlyList<MigrationOrderStep> pending, CancellationToken cancellationToken)
    {
        var settings = access.Settings(target);
        var stage = access.Find(settings.Requires) ?? target;
        var identities = await db.KnownTargets.Where(t => t.Name == target || t.Name == stage).ToDictionaryAsync(t => t.Name, t => t.Identity, cancellationToken);
        var (identity, stageIdentity) = (identities.GetValueOrDefault(target, ""), identities.GetValueOrDefault(stage, ""));
        var run = runs.FirstOrDefault()?.Run;
        return new DeploymentFacts
        {
            Target = target,
            Stage = stage,
            Release = release,
            Releases = releases,
            Migrations = Migrations(set, release, runs, pending),
            Run = run,
            IsPrimary = access.PrimaryName == target,
            HasHost = settings.HostUrl is { Length: > 0 },
            Now = time.GetUtcNow(),
            Records = await statuses.RecordsAsync(target, identity, cancellationToken),
            StageRecords = await statuses.RecordsAsync(stage, stageIdentity, cancellationToken),
            Backups = await BackupRow.Of(db.Backups.AsNoTracking().Where(b => b.Target == target && b.Identity == identity && b.Sha256 != null
                && (b.State == BackupState.Complete || b.State == BackupState.Removed)).OrderByDescending(b => b.FinishedAt).Take(MostBackups)).ToListAsync(cancellationToken),
            Verifications = [.. (await verifications.ResultsAsync(target, MostVerifications, cancellationToken)).Where(v => v.Identity == identity)],
            StageVerifications = [.. (await verifications.HistoryAsync(stage, MostStageVerifications, cancellationToken)).Where(v => v.Identity == stageIdentity)],
            Steps = run is null ? [] : await db.RunSteps.AsNoTracking().Where(s => s.RunId == run.Id).OrderBy(s => s.Position)
                .Select(s => new RunStepRow(s.Position, s.Title, s.State, s.StartedAt, s.FinishedAt, s.Detail)).ToListAsync(cancellationToken),
            Errors = run is null ? [] : await db.RunLines.Where(l => l.RunId == run.Id && l.Text.StartsWith(ErrorWatch.Prefix)).OrderBy(l => l.Id)
                .Select(l => l.Text.Substring(ErrorWatch.Prefix.Length)).ToListAsync(cancellationToken),
            Notes = (await db.ChecklistNotes.AsNoTracking().Where(n => n.Target == target && n.Release == release).OrderBy(n => n.At).ToListAsync(cancellationToken))
                .GroupBy(n => n.Line).ToDictionary(g => g.Key, g => new ChecklistNoteRow(g.Last().Reason, g.Last().ActorName, g.Last().At)),
        };
    }

    /// <summary>Those of every attempt; without one, those that the next would bring.</summary>
    private static List<MigrationOrderStep> Migrations(MigrationSet set, string release, List<Deployment> runs, IReadOnlyList<MigrationOrderStep> pending)
    {
        var steps = runs.SelectMany(r => r.Order.Steps);
        if (runs.Count == 0)
        {
            steps = pending is [.., var last] && last.MigrationId == release ? pending : [new MigrationOrderStep(release, set.Find(release)?.SqlHash ?? "")];
        }

        return [.. steps.DistinctBy(s => s.MigrationId).OrderBy(s => s.MigrationId, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<MigrationOrderStep>> PendingAsync(string target, MigrationSet set, CancellationToken cancellationToken) =>
        await statuses.ReadAsync(target, cancellationToken) is MigrationStatus.Known status
            ? [.. status.Pending.Select(m => new MigrationOrderStep(m.Id, set.Find(m.Id)!.SqlHash))]
            : [];

    /// <summary>Deployments, newest first. A release is known by the last migration that a run was to bring.</summary>
    private static async Task<List<Deployment>> RunsAsync(PortalDbContext db, string target, CancellationToken cancellationToken)
    {
        var runs = await db.OperationRuns.AsNoTracking().Where(r => r.Target == target && r.Kind == MigrationRuns.Deploy).OrderByDescending(r => r.CreatedAt).Take(MostRuns)
            .ToListAsync(cancellationToken);
        return [.. runs.Select(r => new Deployment(
            new DeploymentRun(r.Id, r.Title, r.State, r.ActorName, r.Reason, r.Error, r.CreatedAt, r.FinishedAt), JsonSerializer.Deserialize<MigrationOrder>(r.Parameters)!))];
    }

    private sealed record Deployment(DeploymentRun Run, MigrationOrder Order)
    {
        public string Release => Order.Steps[^1].MigrationId;
    }
}
