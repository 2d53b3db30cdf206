using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Users;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Reads pairings for lists: everyone's for admins and support, else a person's own.</summary>
public sealed class DeviceList(IDbContextFactory<DeviceDbContext> databases)
{
    private const int ChunkSize = 1000;
    /// <summary>Expiry is decided by the database's clock; quarantined and revoked say more than expired.</summary>
    internal static readonly Expression<Func<DevicePairing, DeviceRow>> Row = p => new DeviceRow(
        p.Id, p.DeviceId, p.DeviceType, p.DeviceName, p.UserId, p.User.Name, p.User.Email,
        p.State != null ? DeviceStatus.Quarantined
            : !p.IsActive ? DeviceStatus.Revoked
            : p.ExpiresAt <= DatabaseClock.UtcNow() ? DeviceStatus.Expired : DeviceStatus.Active,
        p.LastSeenAt, p.CreatedAt, p.ExpiresAt,
        p.Permissions.Count(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()));

    /// <summary>A row with what a list can show besides.</summary>
    private static Expression<Func<DevicePairing, DeviceRow>> ListRow(DeviceDbContext db) => p => new DeviceRow(
        p.Id, p.DeviceId, p.DeviceType, p.DeviceName, p.UserId, p.User.Name, p.User.Email,
        p.State != null ? DeviceStatus.Quarantined
            : !p.IsActive ? DeviceStatus.Revoked
            : p.ExpiresAt <= DatabaseClock.UtcNow() ? DeviceStatus.Expired : DeviceStatus.Active,
        p.LastSeenAt, p.CreatedAt, p.ExpiresAt,
        p.Permissions.Count(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()))
    {
        Address = p.IpAddress,
        Platform = db.Devices.Where(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId).Select(d => d.Platform).FirstOrDefault(),
        AppVersion = db.Devices.Where(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId).Select(d => d.AppVersion).FirstOrDefault(),
    };

    /// <summary>A page of the devices that the actor may see.</summary>
    public async Task<DevicePage> ListAsync(Actor actor, DeviceQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var source = await SourceAsync(db, actor, query, cancellationToken);
        var tooLong = query.Sort == DeviceSort.Scopes && await source.IsTooLongToCountAsync(cancellationToken);
        query = tooLong ? query with { Sort = DeviceSort.LastSeen, Descending = true } : query;
        var page = await source.ReadAsync(DeviceSorts.Of(db, query), query.Descending, query.Cursor, query.Limit, ListRow(db), row => row.Id, cancellationToken);
        return new DevicePage(page.Rows, page.NextCursor, page.Matching, page.PreviousCursor) { IsTooLongForOrder = tooLong };
    }

    /// <summary>
    /// Every device of a filter, by the pairings' ids, read in chunks: nothing is held in memory or open in the database
    /// while a slow reader takes its time.
    /// </summary>
    public async IAsyncEnumerable<DeviceRow> StreamAsync(Actor actor, DeviceFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new DeviceQuery(filter, DeviceSort.Name); // an order that takes no filter for its own
        for (string? last = null; ;)
        {
            List<DeviceRow> chunk;
            await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            {
                var source = await SourceAsync(db, actor, query, cancellationToken);
                var rest = source.Matching;
                if (last is { } place)
                {
#pragma warning disable CA1309 // becomes the database's comparison
                    rest = rest.Where(p => string.Compare(p.Id, place) > 0);
#pragma warning restore CA1309
                }

                chunk = await rest.OrderBy(p => p.Id).Take(ChunkSize).Select(ListRow(db)).ToListAsync(cancellationToken);
            }

            foreach (var row in chunk)
            {
                yield return row;
            }

            if (chunk.Count < ChunkSize)
            {
                yield break;
            }

            last = chunk[^1].Id;
        }
    }

    /// <summary>All of a person's pairings, the ones that work first. Empty for actors who may not see them.</summary>
    public async Task<IReadOnlyList<DeviceRow>> OfUserAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await VisibleTo(db, actor).Where(p => p.UserId == userId)
            .OrderByDescending(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()).ThenByDescending(p => p.LastSeenAt).ThenBy(p => p.Id)
            .Take(ListReading.MaximumLimit).Select(Row).ToListAsync(cancellationToken);
    }

    /// <summary>The pairings of a few people, the ones that work first.</summary>
    internal async Task<IReadOnlyList<DeviceRow>> OfUsersAsync(Actor actor, IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        if (userIds.Count == 0)
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await VisibleTo(db, actor).Where(p => userIds.Contains(p.UserId))
            .OrderByDescending(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()).ThenByDescending(p => p.LastSeenAt).ThenBy(p => p.Id)
            .Take(ListReading.MaximumLimit).Select(Row).ToListAsync(cancellationToken);
    }

    internal static IQueryable<DevicePairing> VisibleTo(DeviceDbContext db, Actor actor) => actor switch
    {
        { SeesEveryone: true } => db.DevicePairings.AsNoTracking(),
        { UserId: { } own } => db.DevicePairings.AsNoTracking().Where(p => p.UserId == own),
        _ => db.DevicePairings.AsNoTracking().Where(p => false),
    };

    /// <summary>The devices of a filter that the actor may see, in no order; bulk acts freeze their selection from it.</summary>
    internal static async Task<IQueryable<DevicePairing>> MatchingAsync(DeviceDbContext db, Actor actor, DeviceFilter filter, CancellationToken cancellationToken)
    {
        var pairings = Narrow(db, await OfUserAsync(db, VisibleTo(db, actor), filter, cancellationToken), filter);
        return await DeviceSearch.ReadAsync(db, filter.Search, cancellationToken) is { } search ? search.In(pairings) : pairings;
    }

    private static async Task<IQueryable<DevicePairing>> OfUserAsync(DeviceDbContext db, IQueryable<DevicePairing> pairings, DeviceFilter filter, CancellationToken cancellationToken)
    {
        if (await UserSearch.ReadAsync(db, filter.User, cancellationToken) is not { } search)
        {
            return pairings;
        }

        var users = search.In(db.Users.AsNoTracking()).Select(u => u.Id);
        return pairings.Where(p => users.Contains(p.UserId));
    }

    private static async Task<ListSource<DevicePairing>> SourceAsync(
        DeviceDbContext db, Actor actor, DeviceQuery query, CancellationToken cancellationToken)
    {
        var (filter, all) = (query.Filter, await OfUserAsync(db, VisibleTo(db, actor), query.Filter, cancellationToken));
        filter = filter with { User = null };
        if (query.Sort == DeviceSort.LastSeen && filter.Seen is { } seen)
        {
            (filter, all) = (filter with { Seen = null }, all.Seen(seen)); // a stretch of the order's own index
        }

        if (query.Sort == DeviceSort.Paired && filter.Paired is { } paired)
        {
            (filter, all) = (filter with { Paired = null }, all.Paired(paired));
        }

        if (filter.State == DeviceStanding.Revoked)
        {
            all = all.Where(p => !p.IsActive); // they have an index in the order of their last sight
        }

        if (filter == DeviceFilter.None)
        {
            return new ListSource<DevicePairing>(all);
        }

        var search = await DeviceSearch.ReadAsync(db, filter.Search, cancellationToken);
        return new ListSource<DevicePairing>(all, (pairings, purpose) =>
            search is null ? Narrow(db, pairings, filter, purpose) : search.In(Narrow(db, pairings, filter, purpose)));
    }

    private static IQueryable<DevicePairing> Narrow(DeviceDbContext db, IQueryable<DevicePairing> pairings, DeviceFilter filter, Purpose purpose = Purpose.Gather)
    {
        pairings = filter.State is { } state ? pairings.InState(state) : pairings;
        pairings = filter.Type is { } type ? pairings.Where(p => p.DeviceType == type) : pairings;
        pairings = filter.Scope is { } scope ? pairings.Holding(scope, purpose) : pairings;
        pairings = filter.Seen is { } seen ? pairings.Seen(seen) : pairings;
        pairings = filter.Paired is { } paired ? pairings.Paired(paired) : pairings;
        return filter.Platform is not null || filter.AppVersion is not null ? pairings.Running(db, filter.Platform, filter.AppVersion, purpose) : pairings;
    }
}
