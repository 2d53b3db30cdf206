using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Where open pages of this portal instance hear of changes that any instance, or the database, announced with NOTIFY.
/// Handlers must be quick; components go through <c>InvokeAsync</c>. One that throws is logged, and the others still hear.
/// </summary>
public sealed class DeviceChanges(ILogger<DeviceChanges> logger)
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
            try
            {
                handler(change);
            }
            catch (Exception exception)
            {
                // Thrown on, it would end the listener, and with it the whole portal.
                logger.LogError(exception, "A subscriber to device changes failed.");
            }
        }
    }

    private sealed class Subscription(DeviceChanges owner) : IDisposable
    {
        public void Dispose() => owner.handlers.TryRemove(this, out _);
    }
}
