using System.Linq.Expressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Reads pairings for lists: everyone's for admins and support, else a person's own.</summary>
public sealed class DeviceList(IDbContextFactory<DeviceDbContext> databases)
{
    private static readonly Expression<Func<DevicePairing, string>> Id = p => p.Id;

    private static readonly Dictionary<DeviceSort, ListSort<DevicePairing, DeviceRow>> Sorts = new()
    {
        [DeviceSort.LastSeen] = new ListSort<DevicePairing, DeviceRow, DateTime>("lastSeen", p => p.LastSeenAt, Id, r => r.LastSeenAt),
        [DeviceSort.Name] = new ListSort<DevicePairing, DeviceRow, string>("name", p => p.DeviceName ?? "", Id, r => r.Name ?? ""),
        [DeviceSort.User] = new ListSort<DevicePairing, DeviceRow, string>("user", p => p.User.Name ?? p.User.Email, Id, r => r.Person),
        [DeviceSort.Paired] = new ListSort<DevicePairing, DeviceRow, DateTime>("paired", p => p.CreatedAt, Id, r => r.PairedAt),
        [DeviceSort.Expires] = new ListSort<DevicePairing, DeviceRow, DateTime>("expires", p => p.ExpiresAt, Id, r => r.ExpiresAt),
    };

    /// <summary>Expiry is decided by the database's clock; quarantined and revoked say more than expired.</summary>
    internal static readonly Expression<Func<DevicePairing, DeviceRow>> Row = p => new DeviceRow(
        p.Id, p.DeviceId, p.DeviceType, p.DeviceName, p.UserId, p.User.Name, p.User.Email,
        p.State != null ? DeviceStatus.Quarantined
            : !p.IsActive ? DeviceStatus.Revoked
            : p.ExpiresAt <= DatabaseClock.UtcNow() ? DeviceStatus.Expired : DeviceStatus.Active,
        p.LastSeenAt, p.CreatedAt, p.ExpiresAt,
        p.Permissions.Count(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()));

    /// <summary>A page of the devices that the actor may see.</summary>
    public async Task<DevicePage> ListAsync(Actor actor, DeviceQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairings = Filter(db, VisibleTo(db, actor), query);
        var page = await pairings.ReadAsync(Sorts[query.Sort], query.Descending, query.Cursor, query.Limit, Row, row => row.Id, cancellationToken);
        return new DevicePage(page.Rows, page.NextCursor, page.CountUpTo1000, page.PreviousCursor);
    }

    /// <summary>All of a person's pairings, the ones that work first. Empty for actors who may not see them.</summary>
    public async Task<IReadOnlyList<DeviceRow>> OfUserAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await VisibleTo(db, actor).Where(p => p.UserId == userId)
            .OrderByDescending(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()).ThenByDescending(p => p.LastSeenAt).ThenBy(p => p.Id)
            .Take(ListReading.MaximumLimit).Select(Row).ToListAsync(cancellationToken);
    }

    internal static IQueryable<DevicePairing> VisibleTo(DeviceDbContext db, Actor actor) => actor switch
    {
        { SeesEveryone: true } => db.DevicePairings.AsNoTracking(),
        { UserId: { } own } => db.DevicePairings.AsNoTracking().Where(p => p.UserId == own),
        _ => db.DevicePairings.AsNoTracking().Where(p => false),
    };

    internal static IQueryable<DevicePairing> InState(IQueryable<DevicePairing> pairings, DeviceStatus state) => state switch
    {
        DeviceStatus.Active => pairings.Where(p => p.IsActive && p.State == null && p.ExpiresAt > DatabaseClock.UtcNow()),
        DeviceStatus.Expired => pairings.Where(p => p.IsActive && p.State == null && p.ExpiresAt <= DatabaseClock.UtcNow()),
        DeviceStatus.Quarantined => pairings.Where(p => p.State != null),
        _ => pairings.Where(p => !p.IsActive && p.State == null),
    };

    private static IQueryable<DevicePairing> Filter(DeviceDbContext db, IQueryable<DevicePairing> pairings, DeviceQuery query)
    {
        if (query.State is { } state)
        {
            pairings = InState(pairings, state);
        }

        if (query.Type is { } type)
        {
            pairings = pairings.Where(p => p.DeviceType == type);
        }

        if (SearchText.Pattern(query.Search) is { } pattern)
        {
            // A union of ids and not an OR over two tables, which no index could answer.
            var found = db.DevicePairings.Where(p => EF.Functions.ILike(p.DeviceId, pattern, SearchText.Escape)).Select(p => p.Id)
                .Union(db.DevicePairings.Where(p => EF.Functions.ILike(p.DeviceName!, pattern, SearchText.Escape)).Select(p => p.Id))
                .Union(db.DevicePairings.Where(p => EF.Functions.ILike(p.User.Email, pattern, SearchText.Escape) || EF.Functions.ILike(p.User.Name!, pattern, SearchText.Escape)).Select(p => p.Id));
            pairings = pairings.Where(p => found.Contains(p.Id));
        }

        return pairings;
    }
}
