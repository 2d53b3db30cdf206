using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Permissions;

/// <summary>
/// What waits for a decision: requests of devices, and grants that end within seven days. Owners see their own devices',
/// admins and support everyone's.
/// </summary>
public sealed class PermissionQueue(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>How far ahead the queue looks.</summary>
    public const int Days = 7;

    // Ids begin with the time they were made at, so that their order is that of asking.
    private static readonly ListSort<Asking, RequestRow> ByAsking = new ListSort<Asking, RequestRow, string>("asked", a => a.Request.Id, a => a.Request.Id, r => r.Id);

    private static readonly ListSort<Ending, EndingGrant> ByEnd = new ListSort<Ending, EndingGrant, DateTime>("ends", e => e.Grant.ExpiresAt!.Value, e => e.Grant.Id, r => r.EndsAt);

    /// <summary>Open requests of devices that work, the oldest first.</summary>
    /// <param name="pairingId">Set: of this device only.</param>
    public async Task<ListPage<RequestRow>> RequestsAsync(Actor actor, string? pairingId, string? cursor, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var asking = db.PermissionRequests.AsNoTracking().Where(r => r.State == RequestState.Open)
            .Join(Working(db, actor), r => r.PairingId, p => p.Id, (r, p) => new Asking { Request = r, Pairing = p });
        if (pairingId is not null)
        {
            asking = asking.Where(a => a.Pairing.Id == pairingId);
        }

        var forAdmins = await ForAdminsAsync(db, cancellationToken);
        return await asking.ReadAsync(
            ByAsking, descending: false, cursor, limit,
            a => new RequestRow(
                a.Request.Id, a.Pairing.Id, a.Pairing.DeviceType, a.Pairing.DeviceName, a.Pairing.UserId, a.Pairing.User.Name ?? a.Pairing.User.Email,
                a.Request.Scope, a.Request.Until, a.Request.Reason, a.Request.CreatedAt,
                a.Pairing.Permissions.Where(g => g.Permission == a.Request.Scope && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())).Select(g => g.ExpiresAt).FirstOrDefault(),
                forAdmins.Contains(a.Request.Scope)),
            row => row.Id, cancellationToken);
    }

    /// <summary>Grants in force that end within <see cref="Days"/> days, the soonest first.</summary>
    public async Task<ListPage<EndingGrant>> EndingAsync(Actor actor, string? cursor, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ending = db.DevicePermissions.AsNoTracking().Where(g => g.ExpiresAt > DatabaseClock.UtcNow() && g.ExpiresAt <= DatabaseClock.UtcNow().AddDays(Days))
            .Join(Working(db, actor), g => g.DevicePairingId, p => p.Id, (g, p) => new Ending { Grant = g, Pairing = p });
        var forAdmins = await ForAdminsAsync(db, cancellationToken);
        return await ending.ReadAsync(
            ByEnd, descending: false, cursor, limit,
            e => new EndingGrant(
                e.Grant.Id, e.Pairing.Id, e.Pairing.DeviceType, e.Pairing.DeviceName, e.Pairing.UserId, e.Pairing.User.Name ?? e.Pairing.User.Email,
                e.Grant.Permission, e.Grant.ExpiresAt!.Value, e.Pairing.ExpiresAt, forAdmins.Contains(e.Grant.Permission)),
            row => row.Id, cancellationToken);
    }

    private static IQueryable<DevicePairing> Working(DeviceDbContext db, Actor actor) =>
        Devices.DeviceList.VisibleTo(db, actor).Where(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow());

    /// <summary>For the list's hint only; what holds for a person with an exemption is decided when somebody grants.</summary>
    private static async Task<PermissionScope[]> ForAdminsAsync(DeviceDbContext db, CancellationToken cancellationToken) =>
        [PermissionScope.FullAccess, .. (await HeldPolicies.ForAsync(db, "", null, cancellationToken)).AdminScopes];

    private sealed class Asking
    {
        public required PermissionRequest Request { get; init; }

        public required DevicePairing Pairing { get; init; }
    }

    private sealed class Ending
    {
        public required DevicePermission Grant { get; init; }

        public required DevicePairing Pairing { get; init; }
    }
}
