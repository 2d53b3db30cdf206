using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Users;

/// <summary>Reads the users of the primary target: everyone for admins and support, else only oneself.</summary>
public sealed class UserList(IDbContextFactory<DeviceDbContext> databases)
{
    private const int LatelyDays = 7;
    private const int ChunkSize = 1000;

    public async Task<ListPage<UserRow>> ListAsync(Actor actor, UserQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var source = await SourceAsync(db, actor, query.Filter, cancellationToken);
        var tooLong = query.Sort == UserSort.Devices && await source.IsTooLongToCountAsync(cancellationToken);
        query = tooLong ? query with { Sort = UserSort.Name, Descending = false } : query;
        var page = await source.ReadAsync(UserSorts.Of(db, query.Sort), query.Descending, query.Cursor, query.Limit, Row(db), row => row.Id, cancellationToken);
        return page with { IsTooLongForOrder = tooLong };
    }

    /// <summary>Every user of a filter, by their ids, read in chunks.</summary>
    public async IAsyncEnumerable<UserRow> StreamAsync(Actor actor, UserFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? last = null; ;)
        {
            List<UserRow> chunk;
            await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            {
                var rest = (await SourceAsync(db, actor, filter, cancellationToken)).Matching;
                if (last is { } place)
                {
#pragma warning disable CA1309 // becomes the database's comparison
                    rest = rest.Where(u => string.Compare(u.Id, place) > 0);
#pragma warning restore CA1309
                }

                chunk = await rest.OrderBy(u => u.Id).Take(ChunkSize).Select(Row(db)).ToListAsync(cancellationToken);
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

    /// <summary>Null when there is no such user whom the actor may see.</summary>
    public async Task<UserRow?> FindAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await VisibleTo(db, actor).Where(u => u.Id == userId).Select(Row(db)).SingleOrDefaultAsync(cancellationToken);
    }

    private static async Task<ListSource<AppUser>> SourceAsync(DeviceDbContext db, Actor actor, UserFilter filter, CancellationToken cancellationToken)
    {
        if (filter == UserFilter.None)
        {
            return new ListSource<AppUser>(VisibleTo(db, actor));
        }

        var search = await UserSearch.ReadAsync(db, filter.Search, cancellationToken);
        return new ListSource<AppUser>(VisibleTo(db, actor), (users, _) => Narrow(db, search is null ? users : search.In(users), filter));
    }

    private static IQueryable<AppUser> Narrow(DeviceDbContext db, IQueryable<AppUser> users, UserFilter filter)
    {
        users = filter.Devices switch
        {
            UserDevices.Working => users.Where(u => db.DevicePairings.Any(p => p.UserId == u.Id && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow())),
            UserDevices.NoneWorking => users.Where(u => db.DevicePairings.Any(p => p.UserId == u.Id)
                && !db.DevicePairings.Any(p => p.UserId == u.Id && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow())),
            UserDevices.None => users.Where(u => !db.DevicePairings.Any(p => p.UserId == u.Id)),
            _ => users,
        };
        return filter.Sync switch
        {
            UserSync.Never => users.Where(u => u.LastSyncedAt == null),
            UserSync.Lately => users.Where(u => u.LastSyncedAt >= DatabaseClock.UtcNow().AddDays(-LatelyDays)),
            UserSync.LongAgo => users.Where(u => u.LastSyncedAt < DatabaseClock.UtcNow().AddDays(-LatelyDays)),
            _ => users,
        };
    }

    private static IQueryable<AppUser> VisibleTo(DeviceDbContext db, Actor actor) => actor switch
    {
        { SeesEveryone: true } => db.Users.AsNoTracking(),
        { UserId: { } own } => db.Users.AsNoTracking().Where(u => u.Id == own),
        _ => db.Users.AsNoTracking().Where(u => false),
    };

    private static Expression<Func<AppUser, UserRow>> Row(DeviceDbContext db) => u => new UserRow(
        u.Id, u.Name, u.Email,
        db.DevicePairings.Count(p => p.UserId == u.Id && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()),
        db.DevicePairings.Count(p => p.UserId == u.Id),
        u.LastSyncedAt, u.CreatedAt);
}
