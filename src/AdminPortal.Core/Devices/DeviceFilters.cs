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

    internal static IQueryable<DevicePairing> InState(this IQueryable<DevicePairing> pairings, DeviceStanding state) => state switch
    {
        DeviceStanding.Active => pairings.Where(p => p.IsActive && p.State == null && p.ExpiresAt > DatabaseClock.UtcNow()),
        DeviceStanding.Expiring => pairings.Where(p =>
            p.IsActive && p.State == null && p.ExpiresAt > DatabaseClock.UtcNow() && p.ExpiresAt <= DatabaseClock.UtcNow().AddDays(ExpiringDays)),
        DeviceStanding.Expired => pairings.Where(p => p.IsActive && p.State == null && p.ExpiresAt <= DatabaseClock.UtcNow()),
        DeviceStanding.Quarantined => pairings.Where(p => p.State != null),
        _ => pairings.Where(p => !p.IsActive && p.State == null),
    };

    internal static IQueryable<DevicePairing> Holding(this IQueryable<DevicePairing> pairings, PermissionScope scope) =>
        pairings.Where(p => p.Permissions.Any(g => g.Permission == scope && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())));

    internal static IQueryable<DevicePairing> Seen(this IQueryable<DevicePairing> pairings, Age age) => age.Over
        ? pairings.Where(p => p.LastSeenAt < DatabaseClock.UtcNow().AddDays(-age.Days))
        : pairings.Where(p => p.LastSeenAt >= DatabaseClock.UtcNow().AddDays(-age.Days));

    internal static IQueryable<DevicePairing> Paired(this IQueryable<DevicePairing> pairings, Age age) => age.Over
        ? pairings.Where(p => p.CreatedAt < DatabaseClock.UtcNow().AddDays(-age.Days))
        : pairings.Where(p => p.CreatedAt >= DatabaseClock.UtcNow().AddDays(-age.Days));

    /// <summary>What the device said when it registered for sync, as its owner of now.</summary>
    internal static IQueryable<DevicePairing> Running(this IQueryable<DevicePairing> pairings, DeviceDbContext db, string? platform, string? appVersion)
    {
        var registered = db.Devices.AsNoTracking();
        if (SearchText.Whole(platform) is { } named)
        {
            registered = registered.Where(d => EF.Functions.ILike(d.Platform, named, SearchText.Escape));
        }

        if (SearchText.Whole(appVersion) is { } version)
        {
            registered = registered.Where(d => EF.Functions.Like(d.AppVersion, version + "%", SearchText.Escape));
        }

        return pairings.Where(p => registered.Any(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId));
    }

    /// <summary>A union of ids and not an OR over two tables, which no index could answer.</summary>
    internal static IQueryable<DevicePairing> Found(this IQueryable<DevicePairing> pairings, DeviceDbContext db, string pattern)
    {
        var found = db.DevicePairings.Where(p => EF.Functions.ILike(p.DeviceId, pattern, SearchText.Escape)
                || EF.Functions.ILike(p.DeviceName!, pattern, SearchText.Escape) || EF.Functions.ILike(p.IpAddress!, pattern, SearchText.Escape)).Select(p => p.Id)
            .Union(db.DevicePairings.Where(p => EF.Functions.ILike(p.User.Email, pattern, SearchText.Escape) || EF.Functions.ILike(p.User.Name!, pattern, SearchText.Escape)).Select(p => p.Id));
        return pairings.Where(p => found.Contains(p.Id));
    }
}
