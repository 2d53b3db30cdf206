using AdminPortal.Data;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

internal static class PermissionRows
{
    public static DevicePermission New(string pairingId, ScopeGrant grant, DateTime now) => new()
    {
        Id = Ids.New(),
        DevicePairingId = pairingId,
        Permission = grant.Scope,
        ExpiresAt = grant.ExpiresAt?.UtcDateTime,
        GrantedAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
