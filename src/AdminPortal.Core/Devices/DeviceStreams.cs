using AdminPortal.Core.Pairing;

namespace AdminPortal.Core.Devices;

/// <summary>The live connections of devices to this portal instance.</summary>
public sealed class DeviceStreams
{
    /// <summary>How many one device may hold at once, per portal instance.</summary>
    public const int PerDevice = 2;

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<DeviceStream>> byPairing = [];

    /// <summary>Called with the pairing's id when one was opened: its token may have died since it was checked.</summary>
    internal Action<string>? Opened { get; set; }

    /// <summary>Registers a connection; null when the device holds as many as it may.</summary>
    /// <param name="token">The bearer that was just accepted.</param>
    public DeviceStream? TryOpen(string pairingId, string token)
    {
        var stream = new DeviceStream(this, pairingId, PairingSecrets.TokenHash(token));
        lock (gate)
        {
            if (!byPairing.TryGetValue(pairingId, out var streams))
            {
                byPairing[pairingId] = streams = [];
            }

            if (streams.Count >= PerDevice)
            {
                return null;
            }

            streams.Add(stream);
        }

        Opened?.Invoke(pairingId);
        return stream;
    }

    /// <summary>Those of the given pairings; null: all.</summary>
    internal IReadOnlyList<DeviceStream> Of(IReadOnlyCollection<string>? pairingIds)
    {
        lock (gate)
        {
            return pairingIds is null
                ? [.. byPairing.Values.SelectMany(streams => streams)]
                : [.. pairingIds.SelectMany(id => byPairing.GetValueOrDefault(id) ?? [])];
        }
    }

    internal void Remove(DeviceStream stream)
    {
        lock (gate)
        {
            if (byPairing.TryGetValue(stream.PairingId, out var streams) && streams.Remove(stream) && streams.Count == 0)
            {
                byPairing.Remove(stream.PairingId);
            }
        }
    }
}
