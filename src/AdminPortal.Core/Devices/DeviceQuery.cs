using AdminPortal.Core.Lists;

namespace AdminPortal.Core.Devices;

/// <summary>What a list of devices can be sorted by.</summary>
public enum DeviceSort
{
    LastSeen,
    Name,
    User,
    Paired,
    Expires,
    Type,

    /// <summary>Active, expired, quarantined, ended.</summary>
    Status,
    Address,

    /// <summary>1.10 after 1.9; devices that have not registered for sync come last in both directions.</summary>
    AppVersion,
    Platform,

    /// <summary>How many are in force: the clock decides, so no index has it. For up to <see cref="ListReading.CountedLimit"/> rows.</summary>
    Scopes,
}

/// <summary>Which devices, in which order, from where, and how many (1–200).</summary>
/// <param name="Filter">Null: every device.</param>
/// <param name="Cursor">From the page before; of another sort or unreadable: the list starts at its beginning.</param>
public sealed record DeviceQuery(
    DeviceFilter? Filter = null, DeviceSort Sort = DeviceSort.LastSeen, bool Descending = true, string? Cursor = null, int Limit = 50)
{
    public DeviceFilter Filter { get; init; } = Filter ?? DeviceFilter.None;
}
