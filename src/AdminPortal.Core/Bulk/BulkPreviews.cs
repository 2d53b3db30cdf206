using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Bulk;

/// <summary>Shows what a bulk act would do before it is done. Reads only.</summary>
public sealed class BulkPreviews(IDbContextFactory<DeviceDbContext> databases)
{
    private const int Examples = 5;

    /// <summary>Null when there is no such selection of this actor's, or it was too old and is gone.</summary>
    public async Task<ImpactPreview?> FindAsync(Actor actor, string selectionId, BulkOrder order, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var selection = await db.DeviceSelections.AsNoTracking().FirstOrDefaultAsync(s => s.Id == selectionId && s.ActorId == actor.Id, cancellationToken);
        if (selection is null || !actor.IsAdmin)
        {
            return null;
        }

        var all = Selected(db, selectionId);
        var total = await db.DeviceSelectionItems.CountAsync(i => i.SelectionId == selectionId, cancellationToken);
        var byStatus = await all
            .GroupBy(p => p.State != null ? DeviceStatus.Quarantined : !p.IsActive ? DeviceStatus.Revoked
                : p.ExpiresAt <= DatabaseClock.UtcNow() ? DeviceStatus.Expired : DeviceStatus.Active)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var affected = Affected(db, selectionId, order);
        var own = affected.Where(p => p.UserId == actor.UserId);
        var scopes = await affected.SelectMany(p => p.Permissions).Where(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())
            .GroupBy(g => g.Permission).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        var losers = LosingTheirLast(db, selectionId, order, affected);
        var syncing = db.Devices.Where(d => affected.Any(p => p.DeviceId == d.DeviceId && p.UserId == d.UserId));
        var waiting = db.SyncDeviceStates.AsNoTracking().Where(s => s.Pending > 0 && affected.Any(p => p.DeviceId == s.DeviceId && p.UserId == s.UserId));
        var hasSync = await SyncModule.IsOnAsync(db, cancellationToken);
        return new ImpactPreview(
            selectionId, selection.Description, total, total - byStatus.Values.Sum(), byStatus,
            await affected.CountAsync(cancellationToken),
            await own.CountAsync(cancellationToken),
            await affected.Select(p => p.UserId).Distinct().CountAsync(cancellationToken),
            [.. scopes.OrderBy(g => g.Key).Select(g => new ScopeCount(g.Key, g.Count))],
            await losers.CountAsync(cancellationToken),
            await losers.Select(u => u.Name ?? u.Email).OrderBy(name => name).Take(Examples).ToListAsync(cancellationToken),
            [.. (await own.Select(DeviceList.Row).Take(Examples).ToListAsync(cancellationToken)).Select(row => row.Title)],
            await syncing.CountAsync(cancellationToken),
            hasSync ? await waiting.CountAsync(cancellationToken) : 0,
            hasSync ? await waiting.SumAsync(s => (long?)s.Pending, cancellationToken) ?? 0 : 0,
            await syncing.CountAsync(d => d.LastSeenAt < DatabaseClock.UtcNow().AddDays(-1), cancellationToken),
            selection.RunId);
    }

    /// <summary>The devices of the selection that the act would change now.</summary>
    internal static IQueryable<DevicePairing> Affected(DeviceDbContext db, string selectionId, BulkOrder order)
    {
        var selected = Selected(db, selectionId);
        var working = selected.Where(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow());
        var until = order.Until?.UtcDateTime;
        return order.Act switch
        {
            BulkAct.Revoke => selected.Where(p => p.IsActive || p.State != null),
            BulkAct.Quarantine => selected.Where(p => p.IsActive),
            BulkAct.Release => selected.Where(p => p.State != null),
            BulkAct.TakeScope or BulkAct.UnextendScope => working.Where(p => p.Permissions.Any(g => g.Permission == order.Scope)),
            BulkAct.ExtendScope => working.Where(p => p.Permissions.Any(g =>
                g.Permission == order.Scope && g.ExpiresAt > DatabaseClock.UtcNow() && (until == null || g.ExpiresAt < until))),
            _ => working.Where(p => p.Permissions.All(g => g.Permission != order.Scope)),
        };
    }

    private static IQueryable<DevicePairing> Selected(DeviceDbContext db, string selectionId) =>
        db.DeviceSelectionItems.Where(i => i.SelectionId == selectionId)
            .Join(db.DevicePairings.AsNoTracking(), i => i.PairingId, p => p.Id, (_, p) => p);

    /// <summary>People with a working device in the selection, and none outside it.</summary>
    private static IQueryable<Data.Users.AppUser> LosingTheirLast(DeviceDbContext db, string selectionId, BulkOrder order, IQueryable<DevicePairing> affected)
    {
        if (order.Act is not (BulkAct.Revoke or BulkAct.Quarantine))
        {
            return db.Users.Where(u => false);
        }

        var losing = affected.Where(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()).Select(p => p.UserId);
        var inSelection = db.DeviceSelectionItems.Where(i => i.SelectionId == selectionId).Select(i => i.PairingId);
        return db.Users.AsNoTracking().Where(u => losing.Contains(u.Id) && !db.DevicePairings.Any(p =>
            p.UserId == u.Id && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow() && !inSelection.Contains(p.Id)));
    }
}
