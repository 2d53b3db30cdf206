using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Deployments;

/// <summary>Puts together what is on record about a release, for those who keep it on paper.</summary>
public sealed class DeploymentReports
{
    private readonly DeploymentReader reader;
    private readonly IDbContextFactory<PortalDbContext> contexts;

    internal DeploymentReports(DeploymentReader reader, IDbContextFactory<PortalDbContext> contexts) => (this.reader, this.contexts) = (reader, contexts);

    /// <summary>Null when there is no such target or release that the actor may see.</summary>
    public async Task<DeploymentReport?> ReadAsync(Actor actor, string target, string? release, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone || await reader.ReadAsync(target, release, cancellationToken) is not { } facts)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return new DeploymentReport(
            DeploymentChecklists.Of(facts),
            await db.KnownTargets.Where(t => t.Name == facts.Target).Select(t => t.Identity).FirstOrDefaultAsync(cancellationToken),
            [.. facts.Migrations.Select(m => new ReportedMigration(m.MigrationId, m.SqlHash, facts.Records.LastOrDefault(r => r.MigrationId == m.MigrationId)))],
            facts.Run is { } run ? await ApprovalAsync(db, facts.Target, run, cancellationToken) : null,
            ChecklistRules.BackupOf(facts), facts.Steps, ChecklistRules.VerificationOf(facts), facts.Now);
    }

    /// <summary>The run keeps the hash of the preview that it was started from.</summary>
    private static async Task<ApprovalRow?> ApprovalAsync(PortalDbContext db, string target, DeploymentRun run, CancellationToken cancellationToken)
    {
        var parameters = await db.OperationRuns.Where(r => r.Id == run.Id).Select(r => r.Parameters).FirstAsync(cancellationToken);
        var hash = JsonSerializer.Deserialize<MigrationOrder>(parameters)!.ApprovalHash;
        return await db.MigrationApprovals.AsNoTracking().Where(a => a.Target == target && a.ApprovalHash == hash && a.At <= run.CreatedAt).OrderByDescending(a => a.At)
            .Select(a => new ApprovalRow(a.Id, a.ActorId, a.ActorName, a.At, a.Reason)).FirstOrDefaultAsync(cancellationToken);
    }
}
