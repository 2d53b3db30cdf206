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

    private static readonly string Upwards = Look("version > $2", "");
    private static readonly string Downwards = Look("version < $2", " DESC");

    private static string Look(string after, string order) => $"""
        SELECT entity, "entityId", version, deleted, "clientId" FROM sync.changes
        WHERE "userId" = $1 AND {after} AND NOT (deleted AND $4) AND ($5::text IS NULL OR entity = $5) ORDER BY version{order} LIMIT $3
        """;

    /// <summary>The changes first and their rows then: in one snapshot, or while the person's head is held.</summary>
    /// <returns>Null: there are rows of an entity that is not known, although it may have been declared since.</returns>
    public static async Task<SyncPage?> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SyncEntitySet entities, string userId, SyncStretch stretch, int limit, CancellationToken cancellationToken)
    {
        var after = stretch.After;
        for (var look = limit; ; look = Math.Min(LookLimit, look * 4))
        {
            var changes = await ChangesAsync(connection, transaction, userId, stretch with { After = after }, look + 1, cancellationToken);
            if (!entities.IsCurrent && changes.Exists(c => !c.Deleted && entities.Find(c.Entity) is null))
            {
                return null;
            }

            var page = await RowsAsync(connection, transaction, entities, userId, changes, after, look, limit, cancellationToken);
            if (page.Changes.Count > 0 || !page.HasMore)
            {
                return page;
            }

            after = page.Last;
        }
    }

    private static async Task<List<Change>> ChangesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string userId, SyncStretch stretch, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(stretch.Down ? Downwards : Upwards, connection, transaction);
        command.Parameters.AddRange((NpgsqlParameter[])[SyncSql.P(userId), SyncSql.P(stretch.After), SyncSql.P(most), SyncSql.P(stretch.FromNothing), SyncSql.P(stretch.Entity)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Change> changes = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new Change(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        }

        return changes;
    }

    private static async Task<SyncPage> RowsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SyncEntitySet entities, string userId, List<Change> changes, long after, int look, int limit, CancellationToken cancellationToken)
    {
        var (taken, last, at) = (new List<PulledChange>(Math.Min(limit, changes.Count)), after, 0);
        var size = 0;
        while (at < changes.Count && at < look && taken.Count < limit && size < FullAt)
        {
            var some = changes.GetRange(at, Math.Min(Step(size, at), Math.Min(changes.Count, look) - at));
            var rows = await RowsAsync(connection, transaction, entities, userId, some, cancellationToken);
            foreach (var change in some)
            {
                if (taken.Count == limit || size >= FullAt)
                {
                    break;
                }

                (last, at) = (change.Version, at + 1);
                if (change.Deleted)
                {
                    taken.Add(new PulledChange(change.Entity, change.Id, change.ClientId, change.Version, true, null));
                }
                else if (rows.TryGetValue((change.Entity, change.Id), out var row)) // else: deleted this moment, and its tombstone comes with a later version; or its table was emptied
                {
                    size += row.Size;
                    taken.Add(new PulledChange(change.Entity, change.Id, row.ClientId ?? change.ClientId, change.Version, false, SyncRow.ToJson(row.Values)));
                }
            }
        }

        return new SyncPage(taken, last, HasMore: at < changes.Count);
    }

    /// <summary>How many rows are read at once: few while they may be large, as a page of rows of a megabyte each is not to be held for its first two.</summary>
    private static int Step(int size, int read) => read == 0 ? 100 : Math.Clamp((int)((long)(FullAt - size) * read / Math.Max(1, size)), 1, LookLimit);

    private static async Task<Dictionary<(string Entity, string Id), Row>> RowsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SyncEntitySet entities, string userId, List<Change> changes, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<(string, string), Row>();
        var wanted = changes.Where(c => !c.Deleted && entities.Find(c.Entity) is not null).GroupBy(c => entities.Find(c.Entity)!).ToList();
        if (wanted.Count == 0)
        {
            return rows;
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var of in wanted)
        {
            batch.Add(of.Key.Statements.Read, SyncSql.P(userId), SyncSql.P(of.Select(c => c.Id).ToArray()));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var of in wanted)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (values, size) = (new Dictionary<string, object?>(StringComparer.Ordinal), 0);
                for (var i = 0; i < of.Key.Fields.Count; i++)
                {
                    var value = reader.Read(i + 2, of.Key.Fields[i].Type);
                    size += value switch { string text => text.Length, SyncJson json => json.Text.Length, _ => 0 };
                    values[of.Key.Fields[i].Name] = value;
                }

                rows[(of.Key.Name, reader.GetString(0))] = new Row(reader.IsDBNull(1) ? null : reader.GetString(1), values, size);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return rows;
    }

    private sealed record Change(string Entity, string Id, long Version, bool Deleted, string? ClientId);

    private sealed record Row(string? ClientId, IReadOnlyDictionary<string, object?> Values, int Size);
}

/// <summary>What of a person's changes is to be read.</summary>
/// <param name="After">The version behind which it begins, in the direction of reading.</param>
/// <param name="Down">From the newest to the oldest.</param>
/// <param name="FromNothing">The device has nothing: deletions are no news to it.</param>
/// <param name="Entity">Null: all.</param>
internal sealed record SyncStretch(long After, bool Down, bool FromNothing, string? Entity);
