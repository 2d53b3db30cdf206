using System.Collections.Concurrent;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Where open pages of this portal instance hear of changes that any instance, or the database, announced with NOTIFY.
/// Handlers must be quick and must not throw; components go through <c>InvokeAsync</c>.
/// </summary>
public sealed class DeviceChanges
{
    private readonly ConcurrentDictionary<Subscription, Action<DeviceChange>> handlers = new();

    public IDisposable Subscribe(Action<DeviceChange> handler)
    {
        var subscription = new Subscription(this);
        handlers[subscription] = handler;
        return subscription;
    }

    internal void Publish(DeviceChange change)
    {
        foreach (var handler in handlers.Values)
        {
            handler(change);
        }
    }

    private sealed class Subscription(DeviceChanges owner) : IDisposable
    {
        public void Dispose() => owner.handlers.TryRemove(this, out _);
    }
}
