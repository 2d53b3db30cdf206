namespace AdminPortal.Core.Verification;

/// <summary>
/// The questions to <c>pg_catalog</c>: one per kind, over all tables at once. Each answers schema, table, name, facts and details,
/// the last two as arrays of name, value, name, value…; a fact that is null is left out.
/// </summary>
internal static class CatalogueQueries
{
    private const string Relations = """
        WITH relations AS MATERIALIZED (
            SELECT c.oid, c.relname, c.relkind, c.relpersistence, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('public', 'portal', 'sync') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND c.relname NOT IN ('__EFMigrationsHistory', '_prisma_migrations') AND NOT (n.nspname = 'portal' AND c.relname = 'migration_steps')
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        )
        """;

    public const string Tables = Relations + """

        SELECT nspname, '', relname, ARRAY['kind', CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
               WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END || CASE WHEN relpersistence = 'u' THEN ', unlogged' ELSE '' END], ARRAY[]::text[]
        FROM relations ORDER BY 1, 3
        """;

    public const string Columns = Relations + """

        SELECT r.nspname, r.relname, a.attname,
               ARRAY['type', format_type(a.atttypid, a.atttypmod), 'null', CASE WHEN a.attnotnull THEN 'not null' ELSE 'nullable' END,
                     'default', CASE WHEN a.attidentity = 'a' THEN 'identity always' WHEN a.attidentity = 'd' THEN 'identity by default'
                                     WHEN a.attgenerated <> '' THEN 'generated ' || pg_get_expr(d.adbin, d.adrelid)
                                     WHEN d.adbin IS NULL THEN 'none'
                                     WHEN pg_get_expr(d.adbin, d.adrelid) = 'now()' AND a.atttypid = 'timestamp'::regtype THEN 'CURRENT_TIMESTAMP'
                                     ELSE pg_get_expr(d.adbin, d.adrelid) END], ARRAY[]::text[]
        FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE r.relkind IN ('r', 'p') ORDER BY 1, 2, a.attnum
        """;

    public const string Enums = """
        SELECT n.nspname, '', t.typname, ARRAY['labels', coalesce((SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')],
               ARRAY[]::text[]
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND n.nspname IN ('public', 'portal', 'sync') ORDER BY 1, 3
        """;

    public const string Indexes = Relations + """

        SELECT r.nspname, r.relname, x.relname,
               ARRAY['columns', parts.keys, 'unique', CASE WHEN i.indisunique THEN 'unique' || CASE WHEN coalesce((to_jsonb(i)->>'indnullsnotdistinct')::boolean, false) THEN ' nulls not distinct' ELSE '' END ELSE 'not unique' END,
                     'where', coalesce(pg_get_expr(i.indpred, i.indrelid), 'all rows'), 'method', m.amname,
                     'included', parts.included],
               ARRAY['ddl', pg_get_indexdef(i.indexrelid), 'valid', CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'yes' ELSE 'no' END,
                     'primary', CASE WHEN i.indisprimary THEN 'yes' END, 'constraint', k.conname,
                     'uses', (SELECT string_agg(DISTINCT a.attname, ', ') FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND (a.attnum = ANY(i.indkey)
                              OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum)))]
        FROM relations r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
        LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
        CROSS JOIN LATERAL (
            SELECT string_agg(concat(pg_get_indexdef(i.indexrelid, n, false), CASE WHEN NOT o.opcdefault THEN ' ' || o.opcname END,
                       CASE (i.indoption[n - 1])::integer & 3 WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' WHEN 3 THEN ' DESC' END), ', ' ORDER BY n) FILTER (WHERE n <= i.indnkeyatts) AS keys,
                   string_agg(pg_get_indexdef(i.indexrelid, n, false), ', ' ORDER BY n) FILTER (WHERE n > i.indnkeyatts) AS included
            FROM generate_series(1, i.indnatts) n LEFT JOIN pg_opclass o ON o.oid = i.indclass[n - 1] AND n <= i.indnkeyatts
        ) parts
        ORDER BY 1, 2, 3
        """;

    public const string Constraints = Relations + """

        SELECT r.nspname, r.relname, k.conname,
               CASE k.contype WHEN 'f' THEN ARRAY['columns', keys.own, 'references', f.nspname || '.' || t.relname || ' (' || keys.theirs || ')',
                                  'on delete', rules.words[strpos('arcnd', k.confdeltype::text)], 'on update', rules.words[strpos('arcnd', k.confupdtype::text)]]
                              WHEN 'p' THEN ARRAY['columns', keys.own] ELSE ARRAY['rule', pg_get_expr(k.conbin, k.conrelid)] END,
               ARRAY['validated', CASE WHEN k.convalidated THEN 'yes' ELSE 'no' END, 'ddl', pg_get_constraintdef(k.oid), 'uses', keys.own, 'target', f.nspname || '.' || t.relname,
                     'targetColumns', keys.theirs],
               k.contype
        FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('f', 'p', 'c')
        LEFT JOIN pg_class t ON t.oid = k.confrelid LEFT JOIN pg_namespace f ON f.oid = t.relnamespace
        CROSS JOIN LATERAL (SELECT
            (SELECT string_agg(a.attname, ', ' ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY u(num, n) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS own,
            (SELECT string_agg(a.attname, ', ' ORDER BY u.n) FROM unnest(k.confkey) WITH ORDINALITY u(num, n) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS theirs) keys
        CROSS JOIN (SELECT ARRAY['no action', 'restrict', 'cascade', 'set null', 'set default'] AS words) rules
        WHERE k.conparentid = 0 ORDER BY 1, 2, 3
        """;

    public const string Triggers = Relations + """

        SELECT r.nspname, r.relname, t.tgname, ARRAY['definition', pg_get_triggerdef(t.oid), 'state', CASE t.tgenabled WHEN 'D' THEN 'disabled' ELSE 'enabled' END], ARRAY[]::text[]
        FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal ORDER BY 1, 2, 3
        """;

    /// <summary>An operator of trigrams stands where the host has the extension; it is read as if that were the schema portal.</summary>
    public const string Functions = """
        SELECT n.nspname, '', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
               ARRAY['returns', pg_get_function_result(p.oid), 'language', l.lanname, 'body', 'md5 ' || md5(coalesce(replace(p.prosrc, trigrams.operator, 'OPERATOR(portal.'), p.prosrc))], ARRAY[]::text[]
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
        LEFT JOIN (SELECT format('OPERATOR(%I.', s.nspname) AS operator FROM pg_extension e JOIN pg_namespace s ON s.oid = e.extnamespace WHERE e.extname = 'pg_trgm') trigrams ON true
        WHERE n.nspname IN ('public', 'portal', 'sync') AND p.prokind IN ('f', 'p')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
        ORDER BY 1, 3
        """;
}
