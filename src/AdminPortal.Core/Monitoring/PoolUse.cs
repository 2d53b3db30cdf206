using System.Diagnostics.Metrics;
using Npgsql;

namespace AdminPortal.Core.Monitoring;

/// <summary>A connection pool of this process that is open.</summary>
/// <param name="Most">What it may grow to.</param>
public sealed record PoolUse(string Name, long Used, long Idle, long Most)
{
    /// <summary>Asks Npgsql's own instruments; takes microseconds.</summary>
    internal static IReadOnlyList<PoolUse> Read()
    {
        var pools = new SortedDictionary<string, PoolUse>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
            {
                if (instrument is { Meter.Name: "Npgsql", IsObservable: true })
                {
                    to.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. pools.Values.Where(pool => pool.Most > 0)];

        void Hear(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var (name, state) = (Find(tags, "db.client.connection.pool.name"), Find(tags, "db.client.connection.state"));
            if (name is null)
            {
                return;
            }

            name = Shown(name);
            var pool = pools.GetValueOrDefault(name) ?? new PoolUse(name, 0, 0, 0);
            pools[name] = (instrument.Name, state) switch
            {
                ("db.client.connection.count", "used") => pool with { Used = pool.Used + value },
                ("db.client.connection.count", _) => pool with { Idle = pool.Idle + value },
                ("db.client.connection.max", _) => pool with { Most = pool.Most + value },
                _ => pool,
            };
        }
    }

    /// <summary>A connection that was opened without a data source has its connection string for a name, without the password.</summary>
    private static string Shown(string name) =>
        name.Contains('=', StringComparison.Ordinal) && new NpgsqlConnectionStringBuilder(name) is var parts ? $"{parts.Database} (as {parts.Username})" : name;

    private static string? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == key)
            {
                return tag.Value as string;
            }
        }

        return null;
    }
}
