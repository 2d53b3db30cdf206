using System.Linq.Expressions;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Users;

namespace AdminPortal.Core.Users;

/// <summary>The orders of the list of users, each but the number of devices with the index that answers it (docs/decisions/0007).</summary>
internal static class UserSorts
{
    private static readonly DateTime Never = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Expression<Func<AppUser, string>> Id = u => u.Id;

    public static ListOrder<AppUser, UserRow> Of(DeviceDbContext db, UserSort sort) => sort switch
    {
        UserSort.Devices => ByDevices(db),
        UserSort.LastSynced => new(new ListSort<AppUser, UserRow, DateTime>("lastSynced", u => u.LastSyncedAt ?? Never, Id, r => r.LastSyncedAt ?? Never)),
        UserSort.Joined => new(new ListSort<AppUser, UserRow, DateTime>("joined", u => u.CreatedAt, Id, r => r.JoinedAt)),
        UserSort.Id => new(new ListSort<AppUser, UserRow, string>("id", Id, Id, r => r.Id)),
        _ => new(new ListSort<AppUser, UserRow, string>("name", u => u.Name ?? u.Email, Id, r => r.Person)),
    };

    /// <summary>All are counted in one pass over the pairings; those without one that works are no part of it, and stand before the rest.</summary>
    private static ListOrder<AppUser, UserRow> ByDevices(DeviceDbContext db)
    {
        const string Name = "devices";
        var counted = new ListSort<Owner, UserRow, int>(Name, o => o.Devices, o => o.User.Id, row => row.ActiveDevices);
        return new(
            Name,
            new ListStretch<AppUser, UserRow>(
                new ListSort<AppUser, UserRow, string>(Name, Id, Id, r => r.Id),
                users => users.Where(u => !db.DevicePairings.Any(p => p.UserId == u.Id && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()))),
            new ListStretch<AppUser, UserRow>(new JoinedSort<AppUser, Owner, UserRow>(counted, users => Count(db, users), o => o.User)));
    }

    private static IQueryable<Owner> Count(DeviceDbContext db, IQueryable<AppUser> users) => users.Join(
        db.DevicePairings.Where(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()).GroupBy(p => p.UserId, (id, pairings) => new { Id = id, Devices = pairings.Count() }),
        u => u.Id, counted => counted.Id, (user, counted) => new Owner { User = user, Devices = counted.Devices });

    private sealed class Owner
    {
        public required AppUser User { get; init; }

        public required int Devices { get; init; }
    }
}
