using Npgsql;

namespace AdminPortal.Core.Hosts;

/// <summary>Asks a host's catalogue whether a mapping fits, and remembers what the migrations have to know of its columns. Writes nothing.</summary>
internal static class HostCatalogue
{
    private const string TableQuery = """
        SELECT c.relkind = 'p', pg_has_role(c.relowner, 'USAGE'), c.relowner::regrole::text, c.relkind IN ('r', 'p'),
               c.relrowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = current_user
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """;

    private const string ColumnQuery = """
        SELECT a.attname::text, t.typname::text, a.attnotnull, a.attcollation NOT IN (0, 100), EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND i.indpred IS NULL AND i.indexprs IS NULL)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
        WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    private static readonly Dictionary<string, string> IdTypes = new(StringComparer.Ordinal)
    {
        ["text"] = "text",
        ["varchar"] = "character varying",
        ["uuid"] = "uuid",
        ["int4"] = "integer",
        ["int8"] = "bigint",
    };

    private static readonly string[] Texts = ["text", "varchar", "citext", "bpchar"];
    private static readonly string[] Times = ["timestamp", "timestamptz", "date"];

    /// <summary>The host's people, or every reason why the mapping does not fit, each with what would make it fit.</summary>
    public static async Task<(HostPeople? People, IReadOnlyList<string> Problems)> ReadAsync(NpgsqlConnection connection, PeopleMapping mapping, CancellationToken cancellationToken)
    {
        if (mapping.Problem() is { } wrong)
        {
            return (null, [wrong]);
        }

        var table = (await ListAsync(
            connection, TableQuery, r => (IsPartitioned: r.GetBoolean(0), IsOwned: r.GetBoolean(1), Owner: r.GetString(2), IsTable: r.GetBoolean(3), IsHidden: r.GetBoolean(4)), cancellationToken,
            mapping.Schema, mapping.Table)).Cast<(bool IsPartitioned, bool IsOwned, string Owner, bool IsTable, bool IsHidden)?>().FirstOrDefault();
        if (table is not { } found)
        {
            return (null, [$"There is no table {mapping.Title}. Names are written as the catalogue has them, in their own case."]);
        }

        var columns = await ColumnsAsync(connection, mapping.Schema, mapping.Table, cancellationToken);
        List<string> problems = [];
        if (!found.IsTable)
        {
            problems.Add($"{mapping.Title} is no table: pairings are kept with a person by a key or triggers, which need one.");
        }

        if (!found.IsOwned)
        {
            problems.Add($"{mapping.Title} belongs to {found.Owner}, and indexes on it are its owner's to make: GRANT {found.Owner} TO the role of OwnerConnectionString.");
        }

        if (found.IsHidden)
        {
            problems.Add($"Row level security hides rows of {mapping.Title} from the owner's role: ALTER ROLE … BYPASSRLS, or a policy for it with USING (true).");
        }

        var id = Find(mapping.Id, IdTypes.Keys, "text, varchar, uuid, integer or bigint");
        Find(mapping.Email, Texts, "text, varchar or citext");
        foreach (var name in mapping.Names)
        {
            Find(name, Texts, "text or varchar");
        }

        var created = mapping.CreatedAt is { } at ? Find(at, Times, "timestamp, timestamptz or date") : null;
        if (id is { IsUnique: false })
        {
            problems.Add($"{mapping.Title}.{mapping.Id} may hold one value twice: a person needs a primary key or a unique index on this column alone.");
        }

        if (id is { IsRequired: false })
        {
            problems.Add($"{mapping.Title}.{mapping.Id} may be null: ALTER TABLE … ALTER COLUMN {mapping.Id} SET NOT NULL.");
        }

        var (entities, misfits) = await EntityCatalogue.ReadAsync(connection, mapping.Entities, cancellationToken);
        problems.AddRange(misfits);
        string[] used = [mapping.Id, mapping.Email, .. mapping.Names];
        return problems.Count > 0 ? (null, problems)
            : (new HostPeople(mapping, IdTypes[id!.Type], created?.Type, found.IsPartitioned, [.. columns.Where(c => c.IsForeign && used.Contains(c.Name)).Select(c => c.Name)], entities.Count == 0 ? null : entities), []);

        HostColumn? Find(string name, IReadOnlyCollection<string> types, string words)
        {
            var column = columns.FirstOrDefault(c => c.Name == name);
            if (column is null)
            {
                var twin = columns.FirstOrDefault(c => string.Equals(c.Name.Replace("_", "", StringComparison.Ordinal), name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
                problems.Add($"{mapping.Title} has no column {name}{(twin is null ? "" : $"; there is {twin.Name}")}.");
            }
            else if (!types.Contains(column.Type))
            {
                problems.Add($"{mapping.Title}.{name} is {column.Type}; this has to be {words}.");
            }

            return column is not null && types.Contains(column.Type) ? column : null;
        }
    }

    /// <summary>Of a table, in their order; types by their short names.</summary>
    public static Task<List<HostColumn>> ColumnsAsync(NpgsqlConnection connection, string schema, string table, CancellationToken cancellationToken) =>
        ListAsync(connection, ColumnQuery, r => new HostColumn(r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetBoolean(3), r.GetBoolean(4)), cancellationToken, schema, table);

    internal static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}

/// <summary>A column of a host's.</summary>
/// <param name="Type">Its short name: <c>varchar</c>, <c>int8</c>.</param>
/// <param name="IsForeign">Its texts are sorted otherwise than the database's.</param>
/// <param name="IsUnique">A unique index is on it alone.</param>
internal sealed record HostColumn(string Name, string Type, bool IsRequired, bool IsForeign, bool IsUnique);
