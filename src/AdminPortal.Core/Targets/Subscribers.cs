using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Targets;

/// <summary>Who in this process wants to hear of something. One that throws is logged, and the others still hear.</summary>
internal sealed class Subscribers<T>(ILogger logger)
{
    private readonly ConcurrentDictionary<Subscription, Action<T>> handlers = new();

    public IDisposable Add(Action<T> handler)
    {
        var subscription = new Subscription(this);
        handlers[subscription] = handler;
        return subscription;
    }

    public void Publish(T change)
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
                logger.LogError(exception, "A subscriber to changes failed.");
            }
        }
    }

    private sealed class Subscription(Subscribers<T> owner) : IDisposable
    {
        public void Dispose() => owner.handlers.TryRemove(this, out _);
    }
}
