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
        UserSort.Devices => new(new ListSort<AppUser, UserRow, int>(
            "devices", u => db.DevicePairings.Count(p => p.UserId == u.Id && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()), Id, r => r.ActiveDevices)
        { IsCounted = true }),
        UserSort.LastSynced => new(new ListSort<AppUser, UserRow, DateTime>("lastSynced", u => u.LastSyncedAt ?? Never, Id, r => r.LastSyncedAt ?? Never)),
        UserSort.Joined => new(new ListSort<AppUser, UserRow, DateTime>("joined", u => u.CreatedAt, Id, r => r.JoinedAt)),
        UserSort.Id => new(new ListSort<AppUser, UserRow, string>("id", Id, Id, r => r.Id)),
        _ => new(new ListSort<AppUser, UserRow, string>("name", u => u.Name ?? u.Email, Id, r => r.Person)),
    };
}
