using AdminPortal.Core.Devices;

namespace AdminPortal.Core.Search;

/// <summary>Something that the search box found.</summary>
public abstract record SearchHit(string Id, string Title, string Detail)
{
    public sealed record User(string Id, string Title, string Detail) : SearchHit(Id, Title, Detail);

    /// <param name="Id">The pairing's id.</param>
    public sealed record Device(string Id, string Title, string Detail, DeviceStatus Status) : SearchHit(Id, Title, Detail);
}
