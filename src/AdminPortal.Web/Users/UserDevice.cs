using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Users;

namespace AdminPortal.Web.Users;

/// <summary>A device of a person as support sees it: its pairing, its registration for sync, or both.</summary>
internal sealed record UserDevice(DeviceRow? Pairing, SyncStanding? Sync)
{
    public string Key => Pairing?.Id ?? Sync!.Id;

    public string Title => Pairing?.Title ?? Sync!.Title;

    /// <summary>UTC.</summary>
    public DateTime LastContact => Pairing is { } pairing && pairing.LastSeenAt > (Sync?.LastSeenAt ?? DateTime.MinValue) ? pairing.LastSeenAt : Sync?.LastSeenAt ?? Pairing!.LastSeenAt;

    /// <summary>Problems first, then what is active, the latest contact first.</summary>
    public static IReadOnlyList<UserDevice> Of(UserDetail detail)
    {
        var synced = detail.Sync.ToLookup(s => s.DeviceId, StringComparer.Ordinal);
        var paired = detail.Devices.Select(d => new UserDevice(d, synced[d.DeviceId].FirstOrDefault())).ToList();
        var known = detail.Devices.Select(d => d.DeviceId).ToHashSet(StringComparer.Ordinal);
        return [.. paired.Concat(detail.Sync.Where(s => !known.Contains(s.DeviceId)).Select(s => new UserDevice(null, s)))
            .OrderBy(d => d.Sync?.Verdict.Group() switch { SyncGroup.Problems => 0, SyncGroup.Silent => 1, _ => d.Pairing?.Status == DeviceStatus.Active ? 2 : 3 })
            .ThenByDescending(d => d.LastContact)];
    }
}
