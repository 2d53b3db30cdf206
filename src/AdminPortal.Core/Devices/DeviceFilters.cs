using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>What each part of a <see cref="DeviceFilter"/> means in the database. Expiry and ages are by its clock.</summary>
public static class DeviceFilters
{
    /// <summary>A pairing that ends within so many days is about to expire.</summary>
    public const int ExpiringDays = 7;

    /// <summary>
    /// OFFSET 0: the planner turns an EXISTS into a join of the whole other table, even where the reader stops after fifty
    /// rows; behind an OFFSET it asks once per row. A property and not a constant, which EF would leave out.
    /// </summary>
    private static int Fence => 0;

    internal static IQueryable<DevicePairing> InState(this IQueryable<DevicePairing> pairings, DeviceStanding state) => state switch
    {
        DeviceStanding.Active => pairings.Where(p => p.IsActive && p.State == null && p.ExpiresAt > DatabaseClock.UtcNow()),
        DeviceStanding.Expiring => pairings.Where(p =>
            p.IsActive && p.State == null && p.ExpiresAt > DatabaseClock.UtcNow() && p.ExpiresAt <= DatabaseClock.UtcNow().AddDays(ExpiringDays)),
        DeviceStanding.Expired => pairings.Where(p => p.IsActive && p.State == null && p.ExpiresAt <= DatabaseClock.UtcNow()),
        DeviceStanding.Quarantined => pairings.Where(p => p.State != null),
        _ => pairings.Where(p => !p.IsActive && p.State == null),
    };

    internal static IQueryable<DevicePairing> Holding(this IQueryable<DevicePairing> pairings, PermissionScope scope, Purpose purpose) => purpose == Purpose.Walk
        ? pairings.Where(p => p.Permissions.AsQueryable().Where(g => g.Permission == scope && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())).Skip(Fence).Any())
        : pairings.Where(p => p.Permissions.Any(g => g.Permission == scope && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())));

    internal static IQueryable<DevicePairing> Seen(this IQueryable<DevicePairing> pairings, Age age) => age.Over
        ? pairings.Where(p => p.LastSeenAt < DatabaseClock.UtcNow().AddDays(-age.Days))
        : pairings.Where(p => p.LastSeenAt >= DatabaseClock.UtcNow().AddDays(-age.Days));

    internal static IQueryable<DevicePairing> Paired(this IQueryable<DevicePairing> pairings, Age age) => age.Over
        ? pairings.Where(p => p.CreatedAt < DatabaseClock.UtcNow().AddDays(-age.Days))
        : pairings.Where(p => p.CreatedAt >= DatabaseClock.UtcNow().AddDays(-age.Days));

    /// <summary>What the device said when it registered for sync, as its owner of now.</summary>
    internal static IQueryable<DevicePairing> Running(this IQueryable<DevicePairing> pairings, DeviceDbContext db, string? platform, string? appVersion, Purpose purpose)
    {
        var registered = db.Devices.AsNoTracking();
        if (platform?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } named)
        {
#pragma warning disable CA1304, CA1311, CA1862 // the database's lower(), which has an index
            registered = registered.Where(d => d.Platform.ToLower() == named.ToLower());
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (SearchText.Whole(appVersion) is { } version)
        {
            registered = registered.Where(d => EF.Functions.Like(d.AppVersion, version + "%", SearchText.Escape));
        }

        return purpose switch
        {
            Purpose.Walk => pairings.Where(p => registered.Where(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId).Skip(Fence).Any()),
            Purpose.Estimate => pairings.Where(p => registered.Any(d => d.DeviceId == p.DeviceId)), // two equalities make it expect one row
            _ => pairings.Where(p => registered.Any(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId)),
        };
    }

    /// <summary>Devices of which no registration of their owner of now is known.</summary>
    internal static IQueryable<DevicePairing> Unregistered(this IQueryable<DevicePairing> pairings, DeviceDbContext db) =>
        pairings.Where(p => !db.Devices.Where(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId).Skip(Fence).Any());
}
