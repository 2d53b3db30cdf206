using System.Linq.Expressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Users;

/// <summary>Reads the users of the primary target: everyone for admins and support, else only oneself.</summary>
public sealed class UserList(IDbContextFactory<DeviceDbContext> databases)
{
    private static readonly DateTime Never = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Expression<Func<AppUser, string>> Id = u => u.Id;

    private static readonly Dictionary<UserSort, ListSort<AppUser, UserRow>> Sorts = new()
    {
        [UserSort.Name] = new ListSort<AppUser, UserRow, string>("name", u => u.Name ?? u.Email, Id, r => r.Person),
        [UserSort.LastSynced] = new ListSort<AppUser, UserRow, DateTime>("lastSynced", u => u.LastSyncedAt ?? Never, Id, r => r.LastSyncedAt ?? Never),
        [UserSort.Joined] = new ListSort<AppUser, UserRow, DateTime>("joined", u => u.CreatedAt, Id, r => r.JoinedAt),
    };

    public async Task<ListPage<UserRow>> ListAsync(Actor actor, UserQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = VisibleTo(db, actor);
        if (SearchText.Pattern(query.Search) is { } pattern)
        {
            users = users.Where(u => EF.Functions.ILike(u.Email, pattern, SearchText.Escape) || EF.Functions.ILike(u.Name!, pattern, SearchText.Escape));
        }

        return await users.ReadAsync(Sorts[query.Sort], query.Descending, query.Cursor, query.Limit, Row(db), row => row.Id, cancellationToken);
    }

    /// <summary>Null when there is no such user whom the actor may see.</summary>
    public async Task<UserRow?> FindAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await VisibleTo(db, actor).Where(u => u.Id == userId).Select(Row(db)).SingleOrDefaultAsync(cancellationToken);
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
