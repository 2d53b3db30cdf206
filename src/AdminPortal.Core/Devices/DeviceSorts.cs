using System.Linq.Expressions;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Sync;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>The orders of the list of devices, each but the number of scopes with the index that answers it (docs/decisions/0007).</summary>
internal static class DeviceSorts
{
    private static readonly Expression<Func<DevicePairing, string>> Id = p => p.Id;

    public static ListOrder<DevicePairing, DeviceRow> Of(DeviceDbContext db, DeviceQuery query) => query.Sort switch
    {
        DeviceSort.Status => ByStatus(query.Filter.State),
        DeviceSort.AppVersion => ByRegistration(db, "appVersion", r => DatabaseText.VersionOrder(r.Device.AppVersion), row => DatabaseText.VersionOrder(row.AppVersion ?? "")),
#pragma warning disable CA1304, CA1308, CA1311 // the database's lower(), which has an index; and what it makes of the letters of platforms
        DeviceSort.Platform => ByRegistration(db, "platform", r => r.Device.Platform.ToLower(), row => (row.Platform ?? "").ToLowerInvariant()),
#pragma warning restore CA1304, CA1308, CA1311
        var sort => new(Column(sort)),
    };

    private static ListSort<DevicePairing, DeviceRow> Column(DeviceSort sort) => sort switch
    {
        DeviceSort.Name => new ListSort<DevicePairing, DeviceRow, string>("name", p => p.DeviceName ?? "", Id, r => r.Name ?? ""),
        DeviceSort.User => new ListSort<DevicePairing, DeviceRow, string>("user", p => p.User.Name ?? p.User.Email, Id, r => r.Person, PersonBound),
        DeviceSort.Paired => new ListSort<DevicePairing, DeviceRow, DateTime>("paired", p => p.CreatedAt, Id, r => r.PairedAt),
        DeviceSort.Expires => new ListSort<DevicePairing, DeviceRow, DateTime>("expires", p => p.ExpiresAt, Id, r => r.ExpiresAt),
        DeviceSort.Type => new ListSort<DevicePairing, DeviceRow, DeviceType>("type", p => p.DeviceType, Id, r => r.Type),
        DeviceSort.Address => new ListSort<DevicePairing, DeviceRow, string>("address", p => p.IpAddress ?? "", Id, r => r.Address ?? ""),
        DeviceSort.Scopes => new ListSort<DevicePairing, DeviceRow, int>(
            "scopes", p => p.Permissions.Count(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()), Id, r => r.ScopesInForce)
        { IsCounted = true },
        _ => new ListSort<DevicePairing, DeviceRow, DateTime>("lastSeen", p => p.LastSeenAt, Id, r => r.LastSeenAt),
    };

    /// <summary>
    /// Status after status, each along an index that is there for something else: what works and what is expired by the end
    /// of its time, what is quarantined by id, what was ended by its last sight.
    /// </summary>
    private static ListOrder<DevicePairing, DeviceRow> ByStatus(DeviceStanding? only)
    {
        const string Name = "status";
        var expires = new ListSort<DevicePairing, DeviceRow, DateTime>(Name, p => p.ExpiresAt, Id, r => r.ExpiresAt);
        var stretches = new (DeviceStanding State, ListSort<DevicePairing, DeviceRow> Sort)[]
        {
            (DeviceStanding.Active, expires),
            (DeviceStanding.Expired, expires),
            (DeviceStanding.Quarantined, new ListSort<DevicePairing, DeviceRow, string>(Name, Id, Id, r => r.Id, StateBound)),
            (DeviceStanding.Revoked, new ListSort<DevicePairing, DeviceRow, DateTime>(Name, p => p.LastSeenAt, Id, r => r.LastSeenAt)),
        };
        var wanted = only == DeviceStanding.Expiring ? DeviceStanding.Active : only;
        return new(Name, [.. stretches.Where(s => wanted is null || s.State == wanted)
            .Select(s => new ListStretch<DevicePairing, DeviceRow>(s.Sort, pairings => pairings.InState(s.State)))]);
    }

    /// <summary>By what the device said when it registered for sync; those that have not registered end the list.</summary>
    private static ListOrder<DevicePairing, DeviceRow> ByRegistration(
        DeviceDbContext db, string name, Expression<Func<Registered, string>> key, Func<DeviceRow, string> rowKey)
    {
        var known = new ListSort<Registered, DeviceRow, string>(name, key, r => r.Device.DeviceId, rowKey, rowId: row => row.DeviceId);
        return new(
            name,
            new ListStretch<DevicePairing, DeviceRow>(new JoinedSort<DevicePairing, Registered, DeviceRow>(known, pairings => Join(db, pairings), r => r.Pairing)),
            new ListStretch<DevicePairing, DeviceRow>(new ListSort<DevicePairing, DeviceRow, string>(name, Id, Id, r => r.Id), pairings => pairings.Unregistered(db), AlwaysLast: true));
    }

#pragma warning disable CA1309 // becomes the database's comparison, in the order of its index
    /// <summary>Not more and not less: of two equalities with the same row the planner expects one match in all, and sorts everything instead.</summary>
    private static IQueryable<Registered> Join(DeviceDbContext db, IQueryable<DevicePairing> pairings) => pairings
        .Join(db.Devices.AsNoTracking(), p => p.DeviceId, d => d.DeviceId, (pairing, device) => new Registered { Pairing = pairing, Device = device })
        .Where(r => string.Compare(r.Pairing.UserId, r.Device.UserId) <= 0 && string.Compare(r.Pairing.UserId, r.Device.UserId) >= 0);

    private static Expression<Func<DevicePairing, bool>> PersonBound(string person, bool down) => down
        ? p => string.Compare(p.User.Name ?? p.User.Email, person) <= 0
        : p => string.Compare(p.User.Name ?? p.User.Email, person) >= 0;

    private static Expression<Func<DevicePairing, bool>> StateBound(string id, bool down) => down
        ? p => string.Compare(p.State!.PairingId, id) <= 0
        : p => string.Compare(p.State!.PairingId, id) >= 0;
#pragma warning restore CA1309

    private sealed class Registered
    {
        public required DevicePairing Pairing { get; init; }

        public required SyncDevice Device { get; init; }
    }
}
