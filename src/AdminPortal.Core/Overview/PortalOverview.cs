using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>The numbers of the first page, and the devices that somebody should look at.</summary>
/// <param name="SyncProblems">Devices whose sync needs somebody: turned away, too old, stuck, or with something refused or lost.</param>
/// <param name="EndingSoon">Active devices whose pairing runs out within <see cref="PortalOverview.SoonDays"/> days, the nearest first.</param>
/// <param name="Suspended">Devices in quarantine, which wait for a decision.</param>
public sealed record OverviewFacts(
    Tally Users, Tally Active, Tally Expired, Tally Quarantined, Tally Revoked, Tally PairedThisWeek, Tally EndingSoonCount,
    Tally SyncDevices, Tally SyncProblems, Tally SyncStale, Tally SyncNever, IReadOnlyList<DeviceRow> EndingSoon, IReadOnlyList<DeviceRow> Suspended);

/// <summary>Counts what admins and support start their day with, without a look at every row.</summary>
public sealed class PortalOverview(IDbContextFactory<DeviceDbContext> databases, SyncStatusList sync)
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
        var soon = EndingSoon(pairings);
        var verdicts = await sync.CountAsync(actor, new SyncStatusQuery(), cancellationToken);
        return new OverviewFacts(
            await CountAsync(db.Users.AsNoTracking()),
            await CountAsync(pairings.InState(DeviceStanding.Active)),
            await CountAsync(pairings.InState(DeviceStanding.Expired)),
            await CountAsync(pairings.InState(DeviceStanding.Quarantined)),
            await CountAsync(pairings.InState(DeviceStanding.Revoked)),
            await CountAsync(pairings.Paired(new Age(NewDays, Over: false))),
            await CountAsync(soon),
            await CountAsync(db.Devices.AsNoTracking()),
            Sum(SyncVerdict.SignInFailing, SyncVerdict.Outdated, SyncVerdict.StuckUploading, SyncVerdict.StuckDownloading, SyncVerdict.Rejected),
            Sum(SyncVerdict.Stale, SyncVerdict.Dormant, SyncVerdict.FullReadDue),
            Sum(SyncVerdict.NeverSynced),
            await soon.OrderBy(p => p.ExpiresAt).ThenBy(p => p.Id).Take(Shown).Select(DeviceList.Row).ToListAsync(cancellationToken),
            await pairings.InState(DeviceStanding.Quarantined).OrderByDescending(p => p.State!.QuarantinedAt).ThenBy(p => p.Id)
                .Take(Shown).Select(DeviceList.Row).ToListAsync(cancellationToken));

        Tally Sum(params SyncVerdict[] which) => which.Aggregate(new Tally(0), (sum, verdict) => sum + verdicts.GetValueOrDefault(verdict, new Tally(0)));

        Task<Tally> CountAsync<T>(IQueryable<T> rows) => Tally.OfAsync(rows, cancellationToken);
    }

    private static IQueryable<DevicePairing> EndingSoon(IQueryable<DevicePairing> pairings) =>
        pairings.InState(DeviceStanding.Active).Where(p => p.ExpiresAt < DatabaseClock.UtcNow().AddDays(SoonDays));
}
