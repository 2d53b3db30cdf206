using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;

namespace AdminPortal.Core.Search;

/// <summary>Something that the search box found.</summary>
public abstract record SearchHit(string Id, string Title, string Detail)
{
    /// <param name="Devices">Some of the person's: those that match first, then those with problems.</param>
    public sealed record User(string Id, string Title, string Detail, IReadOnlyList<Device> Devices) : SearchHit(Id, Title, Detail);

    /// <param name="Id">The pairing's id.</param>
    /// <param name="Sync">Null: it has not registered for sync.</param>
    public sealed record Device(string Id, string Title, string Detail, DeviceStatus Status, SyncStanding? Sync = null) : SearchHit(Id, Title, Detail);
}
