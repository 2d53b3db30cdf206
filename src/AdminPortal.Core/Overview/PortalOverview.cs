using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>The numbers of the first page, and the devices that somebody should look at.</summary>
/// <param name="EndingSoon">Active devices whose pairing runs out within <see cref="PortalOverview.SoonDays"/> days, the nearest first.</param>
/// <param name="Suspended">Devices in quarantine, which wait for a decision.</param>
public sealed record OverviewFacts(
    Tally Users, Tally Active, Tally Expired, Tally Quarantined, Tally Revoked, Tally PairedThisWeek, Tally EndingSoonCount,
    Tally SyncDevices, Tally SyncStale, Tally SyncNever, IReadOnlyList<DeviceRow> EndingSoon, IReadOnlyList<DeviceRow> Suspended);

/// <summary>Counts what admins and support start their day with, without a look at every row.</summary>
public sealed class PortalOverview(IDbContextFactory<DeviceDbContext> databases)
{
    public const int SoonDays = 7;
    private const int Shown = 5;
    private const int NewDays = 7;

    /// <summary>Null for people who do not see everyone's devices.</summary>
    public async Task<OverviewFacts?> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairings = DeviceList.VisibleTo(db, actor);
        var (sync, soon) = (SyncStatusList.VisibleTo(db, actor), EndingSoon(pairings));
        return new OverviewFacts(
            await CountAsync(db.Users.AsNoTracking()),
            await CountAsync(pairings.InState(DeviceStanding.Active)),
            await CountAsync(pairings.InState(DeviceStanding.Expired)),
            await CountAsync(pairings.InState(DeviceStanding.Quarantined)),
            await CountAsync(pairings.InState(DeviceStanding.Revoked)),
            await CountAsync(pairings.Paired(new Age(NewDays, Over: false))),
            await CountAsync(soon),
            await CountAsync(db.Devices.AsNoTracking()),
            await CountAsync(SyncStatusList.Judged(sync, SyncVerdict.Stale)),
            await CountAsync(SyncStatusList.Judged(sync, SyncVerdict.NeverSynced)),
            await soon.OrderBy(p => p.ExpiresAt).ThenBy(p => p.Id).Take(Shown).Select(DeviceList.Row).ToListAsync(cancellationToken),
            await pairings.InState(DeviceStanding.Quarantined).OrderByDescending(p => p.State!.QuarantinedAt).ThenBy(p => p.Id)
                .Take(Shown).Select(DeviceList.Row).ToListAsync(cancellationToken));

        Task<Tally> CountAsync<T>(IQueryable<T> rows) => Tally.OfAsync(rows, cancellationToken);
    }

    private static IQueryable<DevicePairing> EndingSoon(IQueryable<DevicePairing> pairings) =>
        pairings.InState(DeviceStanding.Active).Where(p => p.ExpiresAt < DatabaseClock.UtcNow().AddDays(SoonDays));
}
