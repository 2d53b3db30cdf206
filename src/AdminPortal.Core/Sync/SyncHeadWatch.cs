using System.Collections.Concurrent;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Core.Sync;

/// <summary>
/// Tells who listens on this portal instance that a person's data went on: whatever wrote, a device through any instance, or the host
/// application past all of them. Looks once a second while somebody listens, for all of them at once, so that nobody is told more often.
/// A device is not told of what it wrote itself.
/// </summary>
public sealed class SyncHeadWatch(DeviceDatabases databases, TimeProvider time, ILogger<SyncHeadWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private const string Where = """SELECT coalesce((SELECT version FROM sync.heads WHERE "userId" = $1), 0), (SELECT epoch FROM sync.meta)""";

    private const string Unstamped = """SELECT w.person FROM unnest($1::text[]) AS w(person) WHERE EXISTS (SELECT FROM sync.dirty WHERE "userId" = w.person)""";

    /// <summary>For moments only: whoever holds the head gives the versions, or the next round does.</summary>
    private const string BrieflyPatient = "SELECT set_config('lock_timeout', '50ms', true)";

    /// <summary>Of a listener who is a thousand versions behind nobody asks whose they are.</summary>
    private const string Look = """
        SELECT w.n, h.version, m.epoch, m.epoch <> w.epoch OR h.version < w.seen OR h.version > w.seen + 1000 OR (h.version > w.seen AND EXISTS (
            SELECT FROM sync.changes c CROSS JOIN LATERAL jsonb_each(c."fieldVersions") f
            WHERE c."userId" = w.person AND c.version > w.seen AND (f.value ->> 'v')::bigint > w.seen AND f.value ->> 'd' IS DISTINCT FROM w.device))
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) WITH ORDINALITY AS w(person, device, seen, epoch, n)
        CROSS JOIN sync.meta m CROSS JOIN LATERAL (SELECT coalesce((SELECT version FROM sync.heads WHERE "userId" = w.person), 0) AS version OFFSET 0) h
        WHERE h.version <> w.seen OR m.epoch <> w.epoch
        """;

    private readonly ConcurrentDictionary<Listener, byte> listeners = new();

    /// <summary>Begins to listen. Null: there is no sync on this database, or not yet.</summary>
    /// <param name="seen">The version that the device was told of last; null: as the data is now.</param>
    /// <param name="changed">Gets the version that the data has reached. Has to be quick.</param>
    public async Task<SyncHeadListening?> ListenAsync(SyncCaller caller, long? seen, Action<long> changed, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = databases.KeyedDataSource.CreateCommand(Where);
            command.Parameters.Add(SyncSql.P(caller.UserId));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var listener = new Listener(caller, changed, seen ?? reader.GetInt64(0), reader.GetString(1));
            listeners[listener] = 0;
            return new SyncHeadListening(listener.Seen, () => listeners.TryRemove(listener, out _));
        }
        catch (PostgresException lacking) when (TargetAvailability.LacksSchema(lacking))
        {
            return null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync([.. listeners.Keys], stoppingToken);
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogDebug("Whether there is something to pull is looked at again when the database is back: {Error}", exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "Whether there is something to pull could not be looked at.");
            }
        }
    }

    private async Task LookAsync(List<Listener> all, CancellationToken cancellationToken)
    {
        if (all.Count == 0)
        {
            return;
        }

        await using var connection = await databases.KeyedDataSource.OpenConnectionAsync(cancellationToken);
        foreach (var person in await UnstampedAsync(connection, [.. all.Select(l => l.Caller.UserId).Distinct()], cancellationToken))
        {
            await StampAsync(connection, person, cancellationToken);
        }

        await using var command = new NpgsqlCommand(Look, connection);
        command.Parameters.AddRange((NpgsqlParameter[])[
            SyncSql.P(all.Select(l => l.Caller.UserId).ToArray()), SyncSql.P(all.Select(l => l.Caller.DeviceId).ToArray()),
            SyncSql.P(all.Select(l => l.Seen).ToArray()), SyncSql.P(all.Select(l => l.Epoch).ToArray())]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var listener = all[(int)reader.GetInt64(0) - 1];
            (listener.Seen, listener.Epoch) = (reader.GetInt64(1), reader.GetString(2));
            if (reader.GetBoolean(3))
            {
                listener.Changed(listener.Seen);
            }
        }
    }

    private static async Task<List<string>> UnstampedAsync(NpgsqlConnection connection, string[] people, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Unstamped, connection);
        command.Parameters.Add(SyncSql.P(people));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    private static async Task StampAsync(NpgsqlConnection connection, string person, CancellationToken cancellationToken)
    {
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Add(BrieflyPatient);
            batch.Add(SyncSql.Stamp, SyncSql.P(person));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException held) when (held.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
        {
            // The next round has them.
        }
    }

    private sealed class Listener(SyncCaller caller, Action<long> changed, long seen, string epoch)
    {
        public SyncCaller Caller { get; } = caller;

        public Action<long> Changed { get; } = changed;

        public long Seen { get; set; } = seen;

        public string Epoch { get; set; } = epoch;
    }
}

/// <summary>Ends when it is disposed of.</summary>
/// <param name="from">The version from which on nothing is missed.</param>
public sealed class SyncHeadListening(long from, Action end) : IDisposable
{
    public long From { get; } = from;

    public void Dispose() => end();
}
