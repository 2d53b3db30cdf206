using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>The numbers of the first page, and the devices that somebody should look at.</summary>
/// <param name="EndingSoon">Active devices whose pairing runs out within <see cref="PortalOverview.SoonDays"/> days, the nearest first.</param>
/// <param name="Suspended">Devices in quarantine, which wait for a decision.</param>
public sealed record OverviewFacts(
    int Users, int Active, int Expired, int Quarantined, int Revoked, int PairedThisWeek, int EndingSoonCount,
    int SyncDevices, int SyncStale, int SyncNever, IReadOnlyList<DeviceRow> EndingSoon, IReadOnlyList<DeviceRow> Suspended);

/// <summary>Counts what admins and support start their day with.</summary>
public sealed class PortalOverview(IDbContextFactory<DeviceDbContext> databases)
{
    public const int SoonDays = 7;
    private const int Shown = 5;

    /// <summary>Null for people who do not see everyone's devices.</summary>
    public async Task<OverviewFacts?> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairings = DeviceList.VisibleTo(db, actor);
        var counts = await pairings.GroupBy(_ => 1).Select(all => new
        {
            Active = all.Count(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()),
            Expired = all.Count(p => p.IsActive && p.ExpiresAt <= DatabaseClock.UtcNow()),
            Inactive = all.Count(p => !p.IsActive),
            New = all.Count(p => p.CreatedAt > DatabaseClock.UtcNow().AddDays(-7)),
        }).SingleOrDefaultAsync(cancellationToken);
        var quarantined = await db.DeviceStates.CountAsync(cancellationToken);
        var sync = SyncStatusList.VisibleTo(db, actor);
        var soon = EndingSoon(pairings);
        return new OverviewFacts(
            await db.Users.CountAsync(cancellationToken),
            counts?.Active ?? 0, counts?.Expired ?? 0, quarantined, Math.Max(0, (counts?.Inactive ?? 0) - quarantined), counts?.New ?? 0,
            await soon.CountAsync(cancellationToken),
            await db.Devices.CountAsync(cancellationToken),
            await SyncStatusList.Judged(sync, SyncVerdict.Stale).CountAsync(cancellationToken),
            await SyncStatusList.Judged(sync, SyncVerdict.NeverSynced).CountAsync(cancellationToken),
            await soon.OrderBy(p => p.ExpiresAt).ThenBy(p => p.Id).Take(Shown).Select(DeviceList.Row).ToListAsync(cancellationToken),
            await pairings.InState(DeviceStanding.Quarantined).OrderByDescending(p => p.State!.QuarantinedAt).ThenBy(p => p.Id)
                .Take(Shown).Select(DeviceList.Row).ToListAsync(cancellationToken));
    }

    private static IQueryable<DevicePairing> EndingSoon(IQueryable<DevicePairing> pairings) =>
        pairings.InState(DeviceStanding.Active).Where(p => p.ExpiresAt < DatabaseClock.UtcNow().AddDays(SoonDays));
}
