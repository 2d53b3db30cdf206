using AdminPortal.Core.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Bulk;

/// <summary>What a bulk act would do to a frozen selection, as things are now.</summary>
/// <param name="Description">Where the selection came from, in words.</param>
/// <param name="Total">Devices in the selection; <paramref name="Gone"/> of them do not exist any more.</param>
/// <param name="Affected">How many the act would change; the others stay as they are.</param>
/// <param name="OwnAffected">Those of them that belong to the person who asks: left out unless they say otherwise.</param>
/// <param name="People">Whose devices would change.</param>
/// <param name="Scopes">Permissions in force on devices that would change, and on how many.</param>
/// <param name="LastDeviceOf">People who would be left without a working device.</param>
/// <param name="LastDeviceExamples">The first of them by name.</param>
/// <param name="Syncing">How many affected devices have registered for sync, and so may hold changes that were never sent.</param>
/// <param name="UnsyncedOn">How many of those said at their last call that changes wait on them, <paramref name="Unsynced"/> in all.</param>
/// <param name="Unsynced">Changes that would be lost to the person if the device never comes back.</param>
/// <param name="SyncSilent">How many of those had no sync contact for a day.</param>
public sealed record ImpactPreview(
    string SelectionId, string Description, int Total, int Gone, IReadOnlyDictionary<DeviceStatus, int> ByStatus, int Affected, int OwnAffected, int People,
    IReadOnlyList<ScopeCount> Scopes, int LastDeviceOf, IReadOnlyList<string> LastDeviceExamples, IReadOnlyList<string> OwnDevices, int Syncing, int UnsyncedOn, long Unsynced, int SyncSilent,
    string? RunId)
{
    /// <summary>The number that is typed to confirm.</summary>
    public int ToChange(bool includeOwn) => includeOwn ? Affected : Affected - OwnAffected;
}

/// <summary>A permission and on how many devices it is in force.</summary>
public sealed record ScopeCount(PermissionScope Scope, int Devices);
