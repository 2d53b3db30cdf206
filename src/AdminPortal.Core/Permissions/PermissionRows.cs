using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

internal static class PermissionRows
{
    public static DevicePermission New(string pairingId, ScopeGrant grant, DateTime now) => new()
    {
        Id = Ids.New(),
        DevicePairingId = pairingId,
        Permission = grant.Scope,
        ExpiresAt = ExpiryOf(grant),
        GrantedAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>Adds the grant to the pairing, or gives the row that is there its new term.</summary>
    public static void Grant(DeviceDbContext db, DevicePairing pairing, ScopeGrant grant, DateTime now)
    {
        if (pairing.Permissions.FirstOrDefault(p => p.Permission == grant.Scope) is not { } row)
        {
            db.DevicePermissions.Add(New(pairing.Id, grant, now));
            return;
        }

        row.ExpiresAt = ExpiryOf(grant);
        row.GrantedAt = now;
        row.UpdatedAt = now;
    }

    /// <summary>The grant's expiry as its row holds it.</summary>
    public static DateTime? ExpiryOf(ScopeGrant grant) => grant.ExpiresAt is { } end ? Timestamp3.Cut(end.UtcDateTime) : null;
}
