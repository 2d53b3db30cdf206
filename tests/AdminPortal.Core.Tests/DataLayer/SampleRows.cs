namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>
/// Rows for whatever tables a database has, with a value in every column, so that a table added later is covered without
/// anyone remembering it. All texts are equal, and tables are filled in the order of their making: foreign keys hold.
/// </summary>
internal static class SampleRows
{
    private const string Tables = """
        SELECT n.nspname || '."' || c.relname || '"' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND c.relkind = 'r' AND c.relname <> '__EFMigrationsHistory'
        ORDER BY c.oid
        """;

    private const string Columns = """
        SELECT quote_ident(attname) || '|' || CASE
            WHEN atttypid = 'text'::regtype OR atttypid = 'varchar'::regtype THEN '''x'''
            WHEN atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'double precision'::regtype) THEN '1'
            WHEN atttypid = 'text[]'::regtype THEN '''{x}'''
            WHEN atttypid = 'bigint[]'::regtype THEN '''{1}'''
            WHEN atttypid = 'boolean'::regtype THEN 'true'
            WHEN atttypid = 'uuid'::regtype THEN '''00000000-0000-7000-8000-000000000001'''
            WHEN atttypid = 'bytea'::regtype THEN '''\x00'''
            WHEN atttypid = 'jsonb'::regtype THEN '''[]'''
            WHEN atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) THEN '''2026-01-02 03:04:05.678'''
            ELSE (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = atttypid ORDER BY enumsortorder DESC LIMIT 1) END
        FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attidentity <> 'a' ORDER BY attnum
        """;

    /// <summary>One row into every table that is empty.</summary>
    public static async Task InsertAsync(string connectionString)
    {
        await using var connection = await Sql.OpenAsync(connectionString);
        foreach (var table in await connection.ListAsync(Tables))
        {
            var columns = (await connection.ListAsync(Columns, table)).Select(line => line.Split('|')).ToArray();
            var (names, values) = (string.Join(", ", columns.Select(c => c[0])), string.Join(", ", columns.Select(c => c[1])));
            await connection.ExecuteAsync($"INSERT INTO {table} ({names}) SELECT {values} WHERE NOT EXISTS (SELECT FROM {table})");
        }
    }

    /// <summary>Every row of every table, as JSON.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString)
    {
        await using var connection = await Sql.OpenAsync(connectionString);
        var rows = new List<string>();
        foreach (var table in await connection.ListAsync(Tables))
            rows.AddRange(await connection.ListAsync($"SELECT '{table} ' || to_jsonb(t)::text FROM {table} t ORDER BY 1"));
        return rows;
    }
}
