using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Backups;

/// <summary>Keeps <c>portal.backups</c>.</summary>
internal sealed class BackupRecords(IDbContextFactory<PortalDbContext> contexts, BackupFolder folder, TimeProvider time)
{
    private const string Cut = "The portal's process ended in the middle.";

    public async Task<BackupRow?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await BackupRow.Of(db.Backups.AsNoTracking().Where(b => b.Id == id)).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The complete backup of a run, after what an earlier attempt of it left half-done is cleaned away.</summary>
    public async Task<BackupRow?> OfRunAsync(string runId, string target, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var backups = await BackupRow.Of(db.Backups.AsNoTracking().Where(b => b.RunId == runId && b.Target == target)).ToListAsync(cancellationToken);
        await FailAsync(db, backups.Where(b => b.State == BackupState.Taking), cancellationToken);
        return backups.Find(b => b.IsUsable && File.Exists(folder.PathOf(b.FileName)));
    }

    /// <summary>Fails the backups whose run has ended without a word, such as one of a command that was killed; how many.</summary>
    public async Task<int> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await BackupRow.Of(db.Backups.AsNoTracking().Where(b => b.State == BackupState.Taking
            && !db.OperationRuns.Any(r => r.Id == b.RunId && r.FinishedAt == null))).ToListAsync(cancellationToken);
        await FailAsync(db, open, cancellationToken);
        return open.Count;
    }

    public async Task<Backup> BeginAsync(string target, string runId, string fileName, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var backup = new Backup
        {
            Id = Ids.New(),
            Target = target,
            Identity = "",
            RunId = runId,
            FileName = fileName,
            ServerVersion = "",
            State = BackupState.Taking,
            Folder = await folder.EnsureIdAsync(cancellationToken),
            Machine = Environment.MachineName,
        };
        db.Backups.Add(backup);
        await db.SaveChangesAsync(cancellationToken);
        return backup;
    }

    /// <summary>Writes the end of a backup that was begun.</summary>
    public async Task SaveAsync(Backup backup, CancellationToken cancellationToken)
    {
        backup.FinishedAt = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Backups.Update(backup);
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task MarkAsync(string id, DateTimeOffset? listedAt, DateTimeOffset? restoredAt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Backups.Where(b => b.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.ListedAt, b => listedAt ?? b.ListedAt).SetProperty(b => b.RestoredAt, b => restoredAt ?? b.RestoredAt), cancellationToken);
    }

    public async Task DamageAsync(string id, string error, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Backups.Where(b => b.Id == id && b.State == BackupState.Complete).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.State, BackupState.Damaged).SetProperty(b => b.Error, error), cancellationToken);
    }

    /// <summary>A file that was taken for damaged, and is the one that was written after all.</summary>
    public async Task WholeAgainAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Backups.Where(b => b.Id == id && b.State == BackupState.Damaged).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.State, BackupState.Complete).SetProperty(b => b.Error, (string?)null).SetProperty(b => b.ListedAt, time.GetUtcNow()), cancellationToken);
    }

    private async Task FailAsync(PortalDbContext db, IEnumerable<BackupRow> backups, CancellationToken cancellationToken)
    {
        foreach (var backup in backups)
        {
            folder.Remove(backup.FileName);
            await db.Backups.Where(b => b.Id == backup.Id && b.State == BackupState.Taking).ExecuteUpdateAsync(
                set => set.SetProperty(b => b.State, BackupState.Failed).SetProperty(b => b.Error, Cut).SetProperty(b => b.FinishedAt, time.GetUtcNow()), cancellationToken);
        }
    }
}
