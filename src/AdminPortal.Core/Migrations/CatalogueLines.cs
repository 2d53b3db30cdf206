using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// What a database's catalogue says, one line per object, in words that do not depend on the order of columns, on grants,
/// or on whether a unique index was made by a constraint. What a mapping made on a host is known by the sum in its comment. Two databases with equal lines hold the same schema.
/// </summary>
internal static class CatalogueLines
{
    private const string Query = """
        WITH ours AS (
            SELECT oid, nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
        ), relations AS (
            SELECT c.oid, c.relkind, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
            WHERE NOT (n.nspname = 'portal' AND (c.relname LIKE '\_\_EF%' OR c.relname = 'migration_steps')) AND c.relname <> '_prisma_migrations'
        )
        SELECT 'table ' || name AS line FROM relations WHERE relkind IN ('r', 'p')
        UNION ALL
        SELECT 'view ' || name || coalesce(' ' || substring(obj_description(oid, 'pg_class') FROM '\[portal [0-9a-f]+\]$'), '') FROM relations WHERE relkind = 'v' AND name LIKE 'portal.%'
        UNION ALL
        SELECT concat('column ', name, '.', a.attname, ' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' END,
            CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity by default' END, CASE WHEN a.attgenerated <> '' THEN ' generated' END,
            ' default ' || pg_get_expr(d.adbin, d.adrelid))
        FROM relations JOIN pg_attribute a ON a.attrelid = relations.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE relkind IN ('r', 'p')
        UNION ALL
        SELECT concat('index ', coalesce('CREATE INDEX ' || (SELECT x.relname FROM pg_class x WHERE x.oid = i.indexrelid) || ' ON ' || name || ' ' || substring(obj_description(i.indexrelid, 'pg_class') FROM '\[portal [0-9a-f]+\]$'), regexp_replace(pg_get_indexdef(i.indexrelid), '\m(\w+\.)?gin_trgm_ops', 'portal.gin_trgm_ops', 'g')), CASE WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN ' INVALID' END)
        FROM pg_index i JOIN relations ON relations.oid = i.indrelid
        WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'x'))
        UNION ALL
        SELECT concat('constraint ', name, '.', k.conname, ': ', coalesce(substring(obj_description(k.oid, 'pg_constraint') FROM '\[portal [0-9a-f]+\]$'), pg_get_constraintdef(k.oid)))
        FROM relations JOIN pg_constraint k ON k.conrelid = relations.oid WHERE k.contype IN ('p', 'f', 'c', 'x')
        UNION ALL
        SELECT concat('trigger ', coalesce('CREATE TRIGGER ' || t.tgname || ' ON ' || name || ' ' || substring(obj_description(t.oid, 'pg_trigger') FROM '\[portal [0-9a-f]+\]$'), pg_get_triggerdef(t.oid))) FROM relations JOIN pg_trigger t ON t.tgrelid = relations.oid AND NOT t.tgisinternal
        UNION ALL
        SELECT concat('enum ', n.nspname, '.', t.typname, ': ', (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
        FROM pg_type t JOIN ours n ON n.oid = t.typnamespace WHERE t.typtype = 'e'
        UNION ALL
        SELECT concat('function ', n.nspname, '.', p.proname, '(', pg_get_function_identity_arguments(p.oid), ')') FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
        WHERE p.prokind IN ('f', 'p') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT concat('extension ', extname) FROM pg_extension WHERE extname <> 'plpgsql'
        """;

    public static async Task<HashSet<string>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await TargetConnection.PinAsync(connection, cancellationToken); // what stands in public is named without its schema
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
