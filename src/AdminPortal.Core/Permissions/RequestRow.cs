using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>An open request in the queue; times in UTC.</summary>
/// <param name="Until">Until when the device asks for it; null: as long as the pairing lasts.</param>
/// <param name="Reason">The words of the device's app: a stranger's text.</param>
/// <param name="HeldUntil">When the grant that the device has ends; null: it has none in force.</param>
public sealed record RequestRow(
    string Id, string PairingId, DeviceType DeviceType, string? DeviceName, string UserId, string Person, PermissionScope Scope, DateTimeOffset? Until,
    string? Reason, DateTimeOffset AskedAt, DateTime? HeldUntil, bool NeedsAdmin)
{
    public string Title => Names.Clean(DeviceName) ?? DeviceTypeLabels.Of(DeviceType);
}

/// <summary>A grant that ends soon; times in UTC.</summary>
public sealed record EndingGrant(
    string Id, string PairingId, DeviceType DeviceType, string? DeviceName, string UserId, string Person, PermissionScope Scope, DateTime EndsAt,
    DateTime PairingEndsAt, bool NeedsAdmin)
{
    public string Title => Names.Clean(DeviceName) ?? DeviceTypeLabels.Of(DeviceType);
}
