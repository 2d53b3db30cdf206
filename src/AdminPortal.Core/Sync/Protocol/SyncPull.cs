using System.Text.Json.Nodes;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>A row as a device gets it.</summary>
/// <param name="Fields">Null: it was deleted.</param>
public sealed record PulledChange(string Entity, string Id, string? ClientId, long Version, bool Deleted, JsonObject? Fields);

/// <summary>What came of a pull.</summary>
public abstract record PullOutcome
{
    private PullOutcome()
    {
    }

    /// <param name="From">The version that the device showed to have; null: it began from nothing.</param>
    /// <param name="To">The version in <paramref name="Cursor"/>.</param>
    public sealed record Done(IReadOnlyList<PulledChange> Changes, string Cursor, bool HasMore, long Head, long? From, long To) : PullOutcome;

    public sealed record Refused(SyncRefusal Reason) : PullOutcome;
}

/// <summary>
/// Gives a device what changed since its cursor, in the order of versions. The head is held from before the versions are given
/// until the rows are read, so no row with a version up to an issued cursor can appear later for the first time.
/// </summary>
public sealed class SyncPull(DeviceDatabases databases)
{
    public const int DefaultLimit = 200;
    public const int MaximumLimit = 500;

    private const string Read = """
        SELECT c.entity, c."entityId", c.version, c.deleted, t."clientId", t.title, t.notes, t.status, t."dueAt", t."completedAt",
            f."clientId", f."taskId", f."startedAt", f."endedAt", f."durationSeconds", t.id IS NULL AND f.id IS NULL
        FROM (
            SELECT * FROM sync.changes WHERE "userId" = $1 AND version > $2 AND NOT (deleted AND $4) ORDER BY version LIMIT $3
        ) c
        LEFT JOIN LATERAL (SELECT * FROM public.tasks WHERE c.entity = 'task' AND NOT c.deleted AND id = c."entityId" AND "userId" = $1 OFFSET 0) t ON true
        LEFT JOIN LATERAL (SELECT * FROM public.focus_sessions WHERE c.entity = 'focusSession' AND NOT c.deleted AND id = c."entityId" AND "userId" = $1 OFFSET 0) f ON true
        ORDER BY c.version
        """;

    /// <exception cref="NpgsqlException">The database is away, or too busy.</exception>
    public async Task<PullOutcome> PullAsync(SyncCaller caller, int schemaVersion, string? cursor, int limit, CancellationToken cancellationToken) =>
        limit is < 1 or > MaximumLimit
            ? new PullOutcome.Refused(new SyncRefusal.Invalid($"limit must be from 1 to {MaximumLimit}."))
            : await SyncRetry.Pipeline.ExecuteAsync(async token => await OnceAsync(caller, schemaVersion, cursor, limit, token), cancellationToken);

    private async Task<PullOutcome> OnceAsync(SyncCaller caller, int schemaVersion, string? text, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await databases.KeyedDataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (gate, head, floor) = await OpenAsync(connection, transaction, caller, cancellationToken);
        if (gate.Refuse(caller.UserId, schemaVersion) is { } refusal)
        {
            return new PullOutcome.Refused(refusal);
        }

        var from = string.IsNullOrEmpty(text) ? null : SyncCursor.Parse(text);
        if (!string.IsNullOrEmpty(text))
        {
            if (from is null || gate.ResyncRequested || from.Epoch != gate.Epoch || from.UserId != caller.UserId || from.SchemaVersion != schemaVersion || from.Version > head)
            {
                return new PullOutcome.Refused(new SyncRefusal.CursorReset());
            }

            if (from.Version < floor && from.Floor != floor)
            {
                return new PullOutcome.Refused(new SyncRefusal.CursorExpired());
            }
        }

        var (changes, last, more) = await ReadAsync(connection, transaction, caller.UserId, from?.Version ?? 0, limit, from is null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var to = more ? last : head;
        var next = new SyncCursor(gate.Epoch, caller.UserId, to, schemaVersion, from?.Floor ?? floor);
        return new PullOutcome.Done(changes, next.ToString(), more, head, from?.Version, to);
    }

    private static async Task<(SyncGateRow Gate, long Head, long Floor)> OpenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SyncCaller caller, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(SyncSql.Gate, SyncSql.P(caller.DeviceId));
        batch.Add(SyncSql.Stamp, SyncSql.P(caller.UserId));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var gate = await SyncGateRow.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (gate, reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<(List<PulledChange> Changes, long Last, bool More)> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string userId, long after, int limit, bool fromNothing, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection, transaction);
        command.Parameters.AddRange((NpgsqlParameter[])[SyncSql.P(userId), SyncSql.P(after), SyncSql.P(limit + 1), SyncSql.P(fromNothing)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (changes, last, count) = (new List<PulledChange>(limit), after, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (++count > limit)
            {
                return (changes, last, true);
            }

            last = reader.GetInt64(2);
            if (Change(reader) is { } change)
            {
                changes.Add(change);
            }
        }

        return (changes, last, false);
    }

    /// <summary>Null: the row was deleted this moment; its tombstone comes with a later version.</summary>
    private static PulledChange? Change(NpgsqlDataReader reader)
    {
        var (name, id, version, deleted) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3));
        if (deleted)
        {
            return new PulledChange(name, id, null, version, true, null);
        }

        if (reader.GetBoolean(15))
        {
            return null;
        }

        var entity = SyncEntity.Find(name)!;
        var first = entity == SyncEntity.Task ? 4 : 10;
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < entity.Fields.Count; i++)
        {
            values[entity.Fields[i].Name] = reader.Read(first + 1 + i, entity.Fields[i].Type);
        }

        return new PulledChange(name, id, reader.IsDBNull(first) ? null : reader.GetString(first), version, false, SyncRow.ToJson(values));
    }
}
