using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>The backups of one target, newest first.</summary>
/// <param name="RunId">The operation that works on the target now; null: none.</param>
public sealed record TargetBackups(string Target, bool IsProtected, string? RunId, IReadOnlyList<BackupRow> Backups);

/// <summary>Backups to look at, for admins and support.</summary>
public sealed class BackupList
{
    private const int MostPerTarget = 200;
    private readonly IDbContextFactory<PortalDbContext> contexts;
    private readonly TargetAccess access;
    private readonly IOptions<BackupOptions> options;

    internal BackupList(IDbContextFactory<PortalDbContext> contexts, TargetAccess access, IOptions<BackupOptions> options) =>
        (this.contexts, this.access, this.options) = (contexts, access, options);

    public BackupOptions Settings => options.Value;

    /// <summary>Every target, also one without a backup, and targets of old that have some.</summary>
    /// <param name="all">True: failed and removed ones too.</param>
    public async Task<IReadOnlyList<TargetBackups>> ListAsync(Actor actor, bool all, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var old = await db.Backups.Select(b => b.Target).Distinct().ToListAsync(cancellationToken);
        List<TargetBackups> targets = [];
        foreach (var target in access.Names.Union(old, StringComparer.Ordinal))
        {
            var backups = db.Backups.AsNoTracking().Where(b => b.Target == target && (all || (b.State != BackupState.Failed && b.State != BackupState.Removed)));
            var key = TargetAccess.ExclusiveKey(target);
            targets.Add(new TargetBackups(
                target, access.Exists(target) && access.Settings(target).Protected,
                await db.OperationRuns.Where(r => r.ExclusiveKey == key && r.FinishedAt == null).Select(r => r.Id).FirstOrDefaultAsync(cancellationToken),
                await BackupRow.Of(backups.OrderByDescending(b => b.StartedAt).Take(MostPerTarget)).ToListAsync(cancellationToken)));
        }

        return targets;
    }

    /// <summary>Null when there is none that the actor may see.</summary>
    public async Task<BackupRow?> FindAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await BackupRow.Of(db.Backups.AsNoTracking().Where(b => b.Id == id)).FirstOrDefaultAsync(cancellationToken);
    }
}
