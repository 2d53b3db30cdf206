namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>
/// Everything that the server's catalogue says about the schemas of a database, one line per object, in the server's own
/// words. Two databases with equal lines have equal schemas.
/// </summary>
internal static class Catalogue
{
    private const string Lines = """
        WITH ours AS (
            SELECT oid, nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
        ), relations AS (
            SELECT c.*, n.nspname, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
        )
        SELECT nspname AS schema, 'schema ' || nspname AS line FROM ours
        UNION ALL
        SELECT nspname, format('%s %s%s', CASE relkind
                WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type' ELSE 'relation ' || relkind::text END,
            name, CASE WHEN relpersistence <> 'p' THEN ' not permanent' END || CASE WHEN relrowsecurity THEN ' row security' END)
        FROM relations WHERE relkind NOT IN ('i', 'I')
        UNION ALL
        SELECT nspname, format('grants on %s: %s', name, (SELECT string_agg(item::text, ' ' ORDER BY item::text) FROM unnest(relacl) item))
        FROM relations WHERE relacl IS NOT NULL
        UNION ALL
        SELECT nspname, concat('column ', name, '.', a.attname, ' #', rank() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), ' ',
            format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' END,
            CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity by default' END,
            CASE WHEN a.attgenerated <> '' THEN ' generated' END, ' default ' || pg_get_expr(d.adbin, d.adrelid))
        FROM relations JOIN pg_attribute a ON a.attrelid = relations.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE relkind IN ('r', 'p', 'v', 'm', 'c')
        UNION ALL
        SELECT nspname, concat('index: ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN ' INVALID' END)
        FROM relations JOIN pg_index i ON i.indexrelid = relations.oid
        WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
        UNION ALL
        SELECT nspname, concat('constraint ', name, '.', k.conname, ': ', pg_get_constraintdef(k.oid))
        FROM relations JOIN pg_constraint k ON k.conrelid = relations.oid
        UNION ALL
        SELECT nspname, concat('trigger: ', pg_get_triggerdef(t.oid)) FROM relations JOIN pg_trigger t ON t.tgrelid = relations.oid AND NOT t.tgisinternal
        UNION ALL
        SELECT nspname, concat('type ', nspname, '.', t.typname, CASE t.typtype WHEN 'e' THEN ' enum: ' ELSE ' kind ' || t.typtype::text END,
            (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
        FROM pg_type t JOIN ours n ON n.oid = t.typnamespace WHERE t.typrelid = 0 AND t.typelem = 0 AND t.typtype <> 'm'
        UNION ALL
        SELECT nspname, concat('function: ', pg_get_functiondef(p.oid)) FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p')
        UNION ALL
        SELECT schemaname, concat('policy ', schemaname, '.', tablename, '.', policyname) FROM pg_policies
        UNION ALL
        SELECT nspname, concat('extension ', extname) FROM pg_extension e JOIN ours n ON n.oid = e.extnamespace
        """;

    /// <summary>All schemas but the server's own.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString)
    {
        await using var connection = await Sql.OpenAsync(connectionString);
        return await connection.ListAsync($"SELECT line FROM ({Lines}) l ORDER BY line");
    }

    /// <summary>One schema, without the grants, which are the installation's.</summary>
    public static async Task<IReadOnlyList<string>> ReadSchemaAsync(string connectionString, string schema)
    {
        await using var connection = await Sql.OpenAsync(connectionString);
        return await connection.ListAsync(
            $"SELECT line FROM ({Lines}) l WHERE schema = $1 AND line NOT LIKE 'grants on %' AND line <> 'schema ' || $1 ORDER BY line", schema);
    }

    /// <summary>Fails with every line that is missing or too many.</summary>
    public static void AssertEqual(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (wanted, found) = (expected.ToArray(), actual.ToArray());
        var differences = wanted.Except(found).Select(line => $"missing: {line}").Concat(found.Except(wanted).Select(line => $"extra:   {line}"));
        Assert.True(wanted.Length == found.Length && !differences.Any(), string.Join('\n', ["The schemas differ.", .. differences]));
    }
}
