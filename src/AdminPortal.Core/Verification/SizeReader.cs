using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>Reads sizes from the server's own figures; no table is read.</summary>
internal static class SizeReader
{
    private const string Query = """
        SELECT pg_database_size(current_database()), (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database());

        SELECT n.nspname || '.' || c.relname, greatest(c.reltuples::bigint, coalesce(s.n_live_tup, 0)), coalesce(s.n_dead_tup, 0), pg_table_size(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
        WHERE n.nspname IN ('public', 'portal', 'sync') AND c.relkind IN ('r', 'm') ORDER BY pg_total_relation_size(c.oid) DESC, 1;

        SELECT n.nspname || '.' || c.relname, x.relname, pg_relation_size(x.oid), coalesce(s.idx_scan, 0)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = x.oid WHERE n.nspname IN ('public', 'portal', 'sync') AND c.relkind IN ('r', 'm') ORDER BY 2
        """;

    public static async Task<SizeReport> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (bytes, since) = (reader.GetInt64(0), reader.IsDBNull(1) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(1));
        await reader.NextResultAsync(cancellationToken);
        var tables = new List<TableSize>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add(new TableSize(reader.GetString(0), Math.Max(0, reader.GetInt64(1)), reader.GetInt64(2), reader.GetInt64(3), []));
        }

        await reader.NextResultAsync(cancellationToken);
        var indexes = new List<(string Table, IndexSize Index)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            indexes.Add((reader.GetString(0), new IndexSize(reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3))));
        }

        var byTable = indexes.ToLookup(i => i.Table, i => i.Index);
        return new SizeReport(bytes, since, tables.ConvertAll(t => t with { Indexes = [.. byTable[t.Table]] }));
    }
}
