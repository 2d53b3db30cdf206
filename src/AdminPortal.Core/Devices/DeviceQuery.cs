using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Devices;

/// <summary>What a list of devices can be sorted by.</summary>
public enum DeviceSort
{
    LastSeen,
    Name,
    User,
    Paired,
    Expires,
}

/// <summary>Which devices, in which order, from where, and how many (1–200).</summary>
/// <param name="Search">A part of the person's name or e-mail, the deviceId or the device's name.</param>
/// <param name="Cursor">From the page before; of another sort or unreadable: the list starts at its beginning.</param>
public sealed record DeviceQuery(
    string? Search = null, DeviceStatus? State = null, DeviceType? Type = null, DeviceSort Sort = DeviceSort.LastSeen, bool Descending = true,
    string? Cursor = null, int Limit = 50);
