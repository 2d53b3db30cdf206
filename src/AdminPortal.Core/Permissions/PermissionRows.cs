using AdminPortal.Core.Devices;
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
        ExpiresAt = ExpiryOf(grant),
        GrantedAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>The grant's expiry as its row holds it.</summary>
    public static DateTime? ExpiryOf(ScopeGrant grant) => grant.ExpiresAt is { } end ? Timestamp3.Cut(end.UtcDateTime) : null;
}
