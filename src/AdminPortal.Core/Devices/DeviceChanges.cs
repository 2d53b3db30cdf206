using AdminPortal.Core.Targets;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Where open pages of this portal instance hear of changes that any instance, or the database, announced with NOTIFY.
/// Handlers must be quick; components go through <c>InvokeAsync</c>. One that throws is logged, and the others still hear.
/// </summary>
public sealed class DeviceChanges(ILogger<DeviceChanges> logger)
{
    private readonly Subscribers<DeviceChange> subscribers = new(logger);

    public IDisposable Subscribe(Action<DeviceChange> handler) => subscribers.Add(handler);

    internal void Publish(DeviceChange change) => subscribers.Publish(change);
}
