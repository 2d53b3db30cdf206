using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>The numbers of the first page.</summary>
/// <param name="SyncProblems">Devices whose sync needs somebody: turned away, too old, stuck, or with something refused or lost.</param>
/// <param name="EndingSoonCount">Active devices whose pairing runs out within <see cref="PortalOverview.SoonDays"/> days.</param>
/// <param name="Verdicts">How many registered devices have each verdict or mark.</param>
public sealed record OverviewFacts(
    Tally Users, Tally Active, Tally Expired, Tally Quarantined, Tally Revoked, Tally PairedThisWeek, Tally EndingSoonCount,
    Tally SyncDevices, Tally SyncProblems, Tally OpenAlerts, Tally OpenRequests, IReadOnlyList<HeldPolicy> HeldPolicies, IReadOnlyDictionary<SyncVerdict, Tally> Verdicts);

/// <summary>A policy whose last run found too many devices to act on without a yes.</summary>
public sealed record HeldPolicy(string Name, int Devices, int Of, DateTimeOffset At);

/// <summary>Counts what admins and support start their day with, without a look at every row.</summary>
public sealed class PortalOverview(IDbContextFactory<DeviceDbContext> databases, SyncStatusList sync)
{
    public const int SoonDays = 7;
    private const int NewDays = 7;

    /// <summary>The verdicts that need somebody.</summary>
    public static readonly IReadOnlyList<SyncVerdict> Problems =
        [SyncVerdict.SignInFailing, SyncVerdict.Outdated, SyncVerdict.StuckUploading, SyncVerdict.StuckDownloading, SyncVerdict.Rejected];

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
            Sum(Problems),
            await CountAsync(db.DeviceAlerts.AsNoTracking().Where(a => a.ClosedAt == null)),
            await CountAsync(db.PermissionRequests.AsNoTracking().Where(r => r.State == RequestState.Open)),
            await db.DevicePolicies.AsNoTracking().Where(p => p.Enabled && p.HeldDevices != null && p.HeldOf != null && p.HeldAt != null)
                .Select(p => new HeldPolicy(p.Name, p.HeldDevices!.Value, p.HeldOf!.Value, p.HeldAt!.Value)).ToListAsync(cancellationToken),
            verdicts);

        // Of a share that none was in, it is not known that there is none.
        Tally Sum(IEnumerable<SyncVerdict> which) => which.Aggregate(
            new Tally(0, verdicts.Values.Any(v => v.IsAbout)), (sum, verdict) => sum + verdicts.GetValueOrDefault(verdict, new Tally(0)));

        Task<Tally> CountAsync<T>(IQueryable<T> rows) => Tally.OfAsync(rows, cancellationToken);
    }

    private static IQueryable<DevicePairing> EndingSoon(IQueryable<DevicePairing> pairings) =>
        pairings.InState(DeviceStanding.Active).Where(p => p.ExpiresAt < DatabaseClock.UtcNow().AddDays(SoonDays));
}
