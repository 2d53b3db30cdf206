using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Some changes in the order of versions. A page is empty only at the end, whatever an emptied table left behind.</summary>
/// <param name="Last">The version that it reaches.</param>
internal sealed record SyncPage(IReadOnlyList<PulledChange> Changes, long Last, bool HasMore)
{
    /// <summary>Texts of so many characters fill a page: a phone has to hold it, and the portal one for each that asks.</summary>
    private const int FullAt = 2_000_000;

    /// <summary>How far one statement looks for rows that are there.</summary>
    private const int LookLimit = 5_000;

    private static readonly string Upwards = Read("c.version > $2", "");
    private static readonly string Downwards = Read("c.version < $2", " DESC");

    private static string Read(string after, string order) => $$"""
        SELECT c.entity, c."entityId", c.version, c.deleted, t."clientId", t.title, t.notes, t.status, {{SyncSql.Readable("t.\"dueAt\"")}}, {{SyncSql.Readable("t.\"completedAt\"")}},
            f."clientId", f."taskId", {{SyncSql.Readable("f.\"startedAt\"")}}, {{SyncSql.Readable("f.\"endedAt\"")}}, f."durationSeconds", t.id IS NULL AND f.id IS NULL, c."clientId"
        FROM (
            SELECT * FROM sync.changes c WHERE "userId" = $1 AND {{after}} AND NOT (deleted AND $4) AND ($5::text IS NULL OR entity = $5) ORDER BY version{{order}} LIMIT $3
        ) c
        LEFT JOIN LATERAL (SELECT id, "clientId", title, notes, status, "dueAt", "completedAt" FROM public.tasks
            WHERE c.entity = 'task' AND NOT c.deleted AND id = c."entityId" AND "userId" = $1 OFFSET 0) t ON true
        LEFT JOIN LATERAL (SELECT id, "clientId", "taskId", "startedAt", "endedAt", "durationSeconds" FROM public.focus_sessions
            WHERE c.entity = 'focusSession' AND NOT c.deleted AND id = c."entityId" AND "userId" = $1 OFFSET 0) f ON true
        ORDER BY c.version{{order}}
        """;

    public static async Task<SyncPage> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string userId, SyncStretch stretch, int limit, CancellationToken cancellationToken)
    {
        var after = stretch.After;
        for (var look = limit; ; look = Math.Min(LookLimit, look * 4))
        {
            await using var command = new NpgsqlCommand(stretch.Down ? Downwards : Upwards, connection, transaction);
            command.Parameters.AddRange((NpgsqlParameter[])[SyncSql.P(userId), SyncSql.P(after), SyncSql.P(look + 1), SyncSql.P(stretch.FromNothing), SyncSql.P(stretch.Entity)]);
            var page = await ReadAsync(command, after, look, limit, cancellationToken);
            if (page.Changes.Count > 0 || !page.HasMore)
            {
                return page;
            }

            after = page.Last;
        }
    }

    private static async Task<SyncPage> ReadAsync(NpgsqlCommand command, long after, int look, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (changes, last, seen, size) = (new List<PulledChange>(limit), after, 0, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (++seen > look || changes.Count == limit || size >= FullAt)
            {
                return new SyncPage(changes, last, HasMore: true);
            }

            last = reader.GetInt64(2);
            if (Change(reader, ref size) is { } change)
            {
                changes.Add(change);
            }
        }

        return new SyncPage(changes, last, HasMore: false);
    }

    /// <summary>Null: there is no such row. It was deleted this moment, and its tombstone comes with a later version; or its table was emptied.</summary>
    private static PulledChange? Change(NpgsqlDataReader reader, ref int size)
    {
        var (name, id, version, deleted) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3));
        if (deleted)
        {
            return new PulledChange(name, id, reader.IsDBNull(16) ? null : reader.GetString(16), version, true, null);
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
            var value = reader.Read(first + 1 + i, entity.Fields[i].Type);
            size += (value as string)?.Length ?? 0;
            values[entity.Fields[i].Name] = value;
        }

        return new PulledChange(name, id, reader.IsDBNull(first) ? null : reader.GetString(first), version, false, SyncRow.ToJson(values));
    }
}

/// <summary>What of a person's changes is to be read.</summary>
/// <param name="After">The version behind which it begins, in the direction of reading.</param>
/// <param name="Down">From the newest to the oldest.</param>
/// <param name="FromNothing">The device has nothing: deletions are no news to it.</param>
/// <param name="Entity">Null: all.</param>
internal sealed record SyncStretch(long After, bool Down, bool FromNothing, string? Entity);
