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
    /// <param name="first">The changes of the stretch as <see cref="Ask"/> asked for them; null: they are still to be read.</param>
    /// <returns>Null: there are rows of an entity that is not known, although it may have been declared since.</returns>
    public static async Task<SyncPage?> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SyncEntitySet entities, string userId, SyncStretch stretch, int limit, List<SyncChangeLine>? first, CancellationToken cancellationToken)
    {
        var after = stretch.After;
        for (var look = limit; ; look = Math.Min(LookLimit, look * 4))
        {
            var changes = first ?? await ChangesAsync(connection, transaction, userId, stretch with { After = after }, look, cancellationToken);
            if (!entities.IsCurrent && changes.Exists(c => !c.Deleted && entities.Find(c.Entity) is null))
            {
                return null;
            }

            var page = await RowsAsync(connection, transaction, entities, userId, changes, after, look, limit, cancellationToken);
            if (page.Changes.Count > 0 || !page.HasMore)
            {
                return page;
            }

            (after, first) = (page.Last, null);
        }
    }

    /// <summary>Asks for the changes of a page together with other things.</summary>
    public static void Ask(NpgsqlBatch batch, string userId, SyncStretch stretch, int limit) => batch.Add(
        stretch.Down ? Downwards : Upwards, SyncSql.P(userId), SyncSql.P(stretch.After), SyncSql.P(limit + 1), SyncSql.P(stretch.FromNothing), SyncSql.P(stretch.Entity));

    /// <summary>Reads what was asked for, and one change more, which shows that there are more.</summary>
    public static async Task<List<SyncChangeLine>> ChangesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<SyncChangeLine> changes = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new SyncChangeLine(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        }

        return changes;
    }

    private static async Task<List<SyncChangeLine>> ChangesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string userId, SyncStretch stretch, int limit, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        Ask(batch, userId, stretch, limit);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ChangesAsync(reader, cancellationToken);
    }

    private static async Task<SyncPage> RowsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SyncEntitySet entities, string userId, List<SyncChangeLine> changes, long after, int look, int limit, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(connection, transaction, entities, userId, changes, cancellationToken);
        var (taken, last, at, size) = (new List<PulledChange>(Math.Min(limit, changes.Count)), after, 0, 0L);
        foreach (var change in changes)
        {
            var (entity, row) = (change.Entity, rows.Found.GetValueOrDefault((change.Entity, change.Id)));
            if (at == look || taken.Count == limit || size >= FullAt || (row is null && !change.Deleted && rows.Cut.GetValueOrDefault(entity, int.MaxValue) < at))
            {
                break;
            }

            (last, at) = (change.Version, at + 1);
            if (change.Deleted)
            {
                taken.Add(new PulledChange(entity, change.Id, change.ClientId, change.Version, true, null));
            }
            else if (row is not null) // else: deleted this moment, and its tombstone comes with a later version; or its table was emptied
            {
                size += row.Size;
                taken.Add(new PulledChange(entity, change.Id, row.ClientId ?? change.ClientId, change.Version, false, SyncRow.ToJson(row.Values)));
            }
        }

        return new SyncPage(taken, last, HasMore: at < changes.Count);
    }

    /// <returns>The rows by entity and id; and of an entity of which not all were read, the place of the last change whose row was.</returns>
    private static async Task<(Dictionary<(string Entity, string Id), Row> Found, Dictionary<string, int> Cut)> RowsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SyncEntitySet entities, string userId, List<SyncChangeLine> changes, CancellationToken cancellationToken)
    {
        var (rows, cut) = (new Dictionary<(string, string), Row>(), new Dictionary<string, int>(StringComparer.Ordinal));
        var wanted = changes.Select((change, place) => (Change: change, Place: place)).Where(c => !c.Change.Deleted && entities.Find(c.Change.Entity) is not null)
            .GroupBy(c => c.Change.Entity, StringComparer.Ordinal).Select(g => (Entity: entities.Find(g.Key)!, Changes: g.ToList())).ToList();
        if (wanted.Count == 0)
        {
            return (rows, cut);
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var of in wanted)
        {
            batch.Add(of.Entity.Statements.Read, SyncSql.P(userId), SyncSql.P(of.Changes.Select(c => c.Change.Id).ToArray()), SyncSql.P((long)FullAt));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var (entity, of) in wanted)
        {
            var fields = entity.Fields;
            while (await reader.ReadAsync(cancellationToken))
            {
                var (values, size) = (new Dictionary<string, object?>(fields.Count, StringComparer.Ordinal), 0);
                for (var i = 0; i < fields.Count; i++)
                {
                    var value = reader.Read(i + 2, fields[i].Type);
                    size += value switch { string text => text.Length, SyncJson json => json.Text.Length, _ => 0 };
                    values[fields[i].Name] = value;
                }

                rows[(entity.Name, reader.GetString(0))] = new Row(reader.IsDBNull(1) ? null : reader.GetString(1), values, size);
                if (reader.GetInt64(fields.Count + 3) >= FullAt)
                {
                    cut[entity.Name] = of[(int)reader.GetInt64(fields.Count + 2) - 1].Place;
                }
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return (rows, cut);
    }

    private sealed record Row(string? ClientId, IReadOnlyDictionary<string, object?> Values, int Size);
}

/// <summary>A line of <c>sync.changes</c>.</summary>
internal sealed record SyncChangeLine(string Entity, string Id, long Version, bool Deleted, string? ClientId);

/// <summary>What of a person's changes is to be read.</summary>
/// <param name="After">The version behind which it begins, in the direction of reading.</param>
/// <param name="Down">From the newest to the oldest.</param>
/// <param name="FromNothing">The device has nothing: deletions are no news to it.</param>
/// <param name="Entity">Null: all.</param>
internal sealed record SyncStretch(long After, bool Down, bool FromNothing, string? Entity);
