using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>Removes backups' files: one that a person names, and those that retention no longer needs.</summary>
internal sealed class BackupRemoval(IDbContextFactory<PortalDbContext> contexts, BackupFolder folder, IOptions<BackupOptions> options, TimeProvider time)
{
    /// <summary>The row first: a file without a row is found and removed by the daily job, a row without a file would be a false alarm.</summary>
    public async Task<BackupOutcome> RemoveAsync(BackupRow backup, Actor actor, string? reason, CancellationToken cancellationToken)
    {
        if (!folder.Has(backup))
        {
            return new BackupOutcome.Refused(BackupFolder.Elsewhere(backup));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var removed = await db.Backups.Where(b => b.Id == backup.Id && b.State != BackupState.Removed && b.State != BackupState.Taking).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.State, BackupState.Removed).SetProperty(b => b.RemovedAt, time.GetUtcNow()).SetProperty(b => b.RemovedBy, actor.Name ?? actor.Id),
            cancellationToken);
        if (removed == 0)
        {
            return new BackupOutcome.NotFound();
        }

        AuditLog.Add(db, actor, "backup.removed", backup.FileName, "ok", reason);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        folder.Remove(backup.FileName);
        return new BackupOutcome.Done();
    }

    /// <summary>
    /// What retention would remove now. Per target it leaves alone: the newest ones, the young ones, those marked to be kept, and
    /// the newest one that was proven by a restore.
    /// </summary>
    public async Task<IReadOnlyList<BackupRow>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var complete = await BackupRow.Of(db.Backups.AsNoTracking().Where(b => b.State == BackupState.Complete).OrderByDescending(b => b.StartedAt)).ToListAsync(cancellationToken);
        var before = time.GetUtcNow().AddDays(-options.Value.KeepDays);
        return [.. complete.GroupBy(b => b.Target).SelectMany(target => Due(target, before))];
    }

    private IEnumerable<BackupRow> Due(IEnumerable<BackupRow> newestFirst, DateTimeOffset before)
    {
        var backups = newestFirst.ToList();
        var proven = backups.Find(b => b.RestoredAt is not null);
        return backups.Skip(options.Value.KeepCount).Where(b => b.StartedAt < before && !b.IsKept && b != proven);
    }
}
