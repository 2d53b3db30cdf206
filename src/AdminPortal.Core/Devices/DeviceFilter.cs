using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Which devices: all of what is set holds at once. The list, its count, its export and bulk acts read the same filter,
/// so that they mean the same devices.
/// </summary>
/// <param name="Search">Words, each in the person's name or e-mail, the deviceId, the device's name, kind or address.</param>
/// <param name="Scope">Holds this permission now; the one for everything counts only as itself.</param>
/// <param name="Platform">As the device wrote it when it registered for sync, in any case.</param>
/// <param name="User">Words, each in the name or e-mail of the device's person.</param>
/// <param name="AppVersion">What the version begins with: <c>2.4</c> finds 2.4.0 and 2.4.1.</param>
public sealed record DeviceFilter(
    string? Search = null, DeviceStanding? State = null, DeviceType? Type = null, PermissionScope? Scope = null,
    Age? Seen = null, Age? Paired = null, string? Platform = null, string? AppVersion = null, string? User = null)
{
    /// <summary>Every device.</summary>
    public static DeviceFilter None { get; } = new();
}
