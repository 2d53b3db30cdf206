using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Devices;

/// <summary>A pairing in a list; times in UTC.</summary>
/// <param name="Id">The pairing's id; <paramref name="DeviceId"/> is the device's own.</param>
/// <param name="ScopesInForce">How many permissions hold now.</param>
public sealed record DeviceRow(
    string Id, string DeviceId, DeviceType Type, string? Name, string UserId, string? UserName, string UserEmail,
    DeviceStatus Status, DateTime LastSeenAt, DateTime PairedAt, DateTime ExpiresAt, int ScopesInForce)
{
    /// <summary>Where it last came from, as far as the pairing knows; only in lists, like what follows.</summary>
    public string? Address { get; init; }

    /// <summary>As it registered for sync; null when it has not.</summary>
    public string? Platform { get; init; }

    public string? AppVersion { get; init; }

    /// <summary>How its sync stands; null when it has not registered for sync, or was not asked.</summary>
    public SyncVerdict? Verdict { get; init; }

    /// <summary>The name that people gave it, else its kind.</summary>
    public string Title => Names.Clean(Name) ?? DeviceTypeLabels.Of(Type);

    public string Person => UserName ?? UserEmail;
}

/// <summary>A page of devices with the cursors around it, and how many match.</summary>
public sealed record DevicePage(IReadOnlyList<DeviceRow> Rows, string? NextCursor, Tally Matching, string? PreviousCursor = null)
{
    /// <inheritdoc cref="ListPage{TRow}.IsTooLongForOrder"/>
    public bool IsTooLongForOrder { get; init; }
}
