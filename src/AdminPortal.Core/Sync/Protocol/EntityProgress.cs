using System.Collections.Concurrent;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// How far devices have come that pull entity by entity: as far as with the entity in which they are farthest behind. Kept in memory, per
/// portal instance: after a restart nothing is known of such a device until it has pulled each of them again.
/// </summary>
public sealed class EntityProgress
{
    /// <summary>Beyond so many devices all are forgotten.</summary>
    private const int Limit = 100_000;

    private readonly ConcurrentDictionary<(string DeviceId, string Epoch), Reached> devices = new();

    /// <summary>True: it began from nothing with this entity since it was asked to read everything again.</summary>
    internal bool IsFresh(string deviceId, string epoch, string entity) => devices.TryGetValue((deviceId, epoch), out var reached) && reached.IsFresh(entity);

    /// <summary>Notes what a pull showed.</summary>
    /// <param name="entities">How many there are.</param>
    /// <param name="from">Null: it began from nothing.</param>
    /// <returns>The version that the device has of everything, and whether it has now begun from nothing with everything.</returns>
    internal (long? Acknowledged, bool FromNothing) Note(string deviceId, string epoch, string entity, int entities, long? from)
    {
        if (devices.Count > Limit)
        {
            devices.Clear();
        }

        return devices.GetOrAdd((deviceId, epoch), _ => new Reached()).Note(entity, entities, from);
    }

    private sealed class Reached
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);
        private readonly HashSet<string> fresh = new(StringComparer.Ordinal);

        public bool IsFresh(string entity)
        {
            lock (gate)
            {
                return fresh.Contains(entity);
            }
        }

        public (long? Acknowledged, bool FromNothing) Note(string entity, int entities, long? from)
        {
            lock (gate)
            {
                versions[entity] = from ?? 0;
                if (from is null)
                {
                    fresh.Add(entity);
                }

                var all = versions.Count == entities;
                if (fresh.Count < entities)
                {
                    return (all ? versions.Values.Min() : null, false);
                }

                fresh.Clear();
                return (null, true);
            }
        }
    }
}
