using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Migrations;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Migrations;

/// <summary>Keeps in the portal's own database what was done with each migration of each target.</summary>
internal sealed class MigrationJournal(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    public async Task<long> BeginAsync(
        string target, string identity, MigrationScript script, MigrationAct act, string? runId, Actor actor, string? reason, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var record = new MigrationRecord
        {
            Target = target,
            Identity = identity,
            MigrationId = script.Id,
            SqlHash = script.SqlHash,
            Act = act,
            RunId = runId,
            ActorName = actor.Name,
            Reason = reason,
            StartedAt = time.GetUtcNow(),
        };
        db.MigrationRecords.Add(record);
        await db.SaveChangesAsync(cancellationToken);
        return record.Id;
    }

    public async Task EndAsync(long id, string? error, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.MigrationRecords.Where(r => r.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.FinishedAt, time.GetUtcNow()).SetProperty(r => r.Succeeded, error == null).SetProperty(r => r.Error, error), cancellationToken);
    }

    /// <summary>A process died after the target took a migration and before that was written here: the target's history is right.</summary>
    public async Task ReconcileAsync(string target, IReadOnlyCollection<string> applied, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await db.MigrationRecords.Where(r => r.Target == target && r.FinishedAt == null).ToListAsync(cancellationToken);
        foreach (var record in open)
        {
            record.Succeeded = record.Act is MigrationAct.Down or MigrationAct.Unrecorded ? !applied.Contains(record.MigrationId) : applied.Contains(record.MigrationId);
            record.FinishedAt = time.GetUtcNow();
            record.Error = record.Succeeded == true ? null : "It was broken off: the connection or the portal's process ended.";
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
