using Npgsql;

namespace AdminPortal.Core.Hosts;

/// <summary>Asks a host's catalogue whether its tables can sync as a mapping says. Writes nothing.</summary>
internal static class EntityCatalogue
{
    private const string TableQuery = """
        SELECT c.relkind = 'r' AND NOT c.relispartition, pg_has_role(c.relowner, 'USAGE'), c.relowner::regrole::text,
               c.relrowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = current_user
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """;

    private const string ColumnQuery = """
        SELECT a.attname::text, CASE WHEN tn.nspname = 'pg_catalog' THEN format_type(a.atttypid, a.atttypmod) ELSE format('%I.%I', tn.nspname, t.typname) END, t.typname::text, t.typtype = 'e', t.typcategory = 'A', a.attnotnull,
               a.atthasdef OR a.attidentity <> '', a.attgenerated <> '' OR a.attidentity = 'a', a.attcollation NOT IN (0, 100), CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 0 END,
               CASE WHEN t.typtype = 'e' THEN ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) END,
               pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname), EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND i.indpred IS NULL AND i.indexprs IS NULL),
               (SELECT x.typname::text FROM pg_type x WHERE x.oid = t.typelem AND t.typcategory = 'A'), tn.nspname IN ('pg_catalog', 'public')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
        WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    private const string ConstraintQuery = """
        SELECT k.conname::text, ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) ORDER BY a.attnum)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
        UNION SELECT x.relname::text, ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int[]) ORDER BY a.attnum)
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND i.indisunique
        """;

    private static readonly string[] Ids = ["text", "varchar", "uuid", "int4", "int8"];
    private static readonly string[] ClientIds = ["text", "varchar", "uuid"];
    private static readonly string[] Moments = ["timestamp", "timestamptz"];
    private static readonly string[] Elements = ["text", "varchar", "int2", "int4", "int8", "uuid", "float8", "numeric", "bool"];

    /// <summary>The entities, parents first, or every reason why they do not fit, each with what would make it fit.</summary>
    public static async Task<(IReadOnlyList<HostEntity> Entities, IReadOnlyList<string> Problems)> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<EntityMapping> mappings, CancellationToken cancellationToken)
    {
        if (EntityMapping.Problem(mappings) is { } wrong)
        {
            return ([], [wrong]);
        }

        List<HostEntity> entities = [];
        List<string> problems = [];
        foreach (var mapping in EntityMapping.InOrder(mappings)!)
        {
            if (await ReadAsync(connection, mapping, problems, cancellationToken) is { } entity)
            {
                entities.Add(entity);
            }
        }

        return problems.Count > 0 ? ([], problems) : (entities, []);
    }

    private static async Task<HostEntity?> ReadAsync(NpgsqlConnection connection, EntityMapping mapping, List<string> problems, CancellationToken cancellationToken)
    {
        var tables = await HostCatalogue.ListAsync(
            connection, TableQuery, r => (IsTable: r.GetBoolean(0), IsOwned: r.GetBoolean(1), Owner: r.GetString(2), IsHidden: r.GetBoolean(3)), cancellationToken,
            mapping.Schema, mapping.Table);
        if (tables is not [var table])
        {
            problems.Add($"There is no table {mapping.Title} for {mapping.Name}. Names are written as the catalogue has them, in their own case.");
            return null;
        }

        if (!table.IsTable)
        {
            problems.Add($"{mapping.Title} is no plain table: views and partitioned tables do not sync.");
        }

        if (!table.IsOwned)
        {
            problems.Add($"{mapping.Title} belongs to {table.Owner}, and triggers on it are its owner's to make: GRANT {table.Owner} TO the role of OwnerConnectionString.");
        }

        if (table.IsHidden)
        {
            problems.Add($"Row level security hides rows of {mapping.Title} from the owner's role: ALTER ROLE … BYPASSRLS, or a policy for it with USING (true) WITH CHECK (true).");
        }

        var columns = await ColumnsAsync(connection, mapping, cancellationToken);
        var id = Find(mapping.Id, Ids, "text, varchar, uuid, integer or bigint");
        var owner = Find(mapping.Owner, Ids, "text, varchar, uuid, integer or bigint");
        var clientId = mapping.ClientId is { } client ? Find(client, ClientIds, "text, varchar or uuid") : null;
        var (deleted, created, updated) = (Moment(mapping.DeletedAt), Moment(mapping.CreatedAt), Moment(mapping.UpdatedAt));
        if (deleted is { IsRequired: true })
        {
            problems.Add($"{mapping.Title}.{deleted.Name} must be null for rows that are there.");
        }

        if (id is { IsUnique: false } or { IsRequired: false })
        {
            problems.Add($"{mapping.Title}.{id.Name} must name each row once: it needs a primary key on this column alone.");
        }

        if (id is { Short: "int4" or "int8", Sequence: null })
        {
            problems.Add($"{mapping.Title}.{id.Name} is a number without a sequence, so nothing gives a new row its id: ALTER COLUMN … ADD GENERATED BY DEFAULT AS IDENTITY.");
        }

        if (id is { Length: > 0 and < Data.Ids.Length })
        {
            problems.Add($"{mapping.Title}.{id.Name} has {id.Length} characters; the ids that the portal makes have {Data.Ids.Length}.");
        }

        var fields = mapping.Fields.Select(f => Field(f, columns, mapping, problems)).OfType<HostField>().ToList();
        string?[] filled = [mapping.Id, mapping.Owner, mapping.CreatedAt, mapping.UpdatedAt, mapping.ClientId, .. mapping.Fields.Where(f => !f.ReadOnly).Select(f => f.Source)];
        problems.AddRange(columns.Where(c => c is { IsRequired: true, HasDefault: false } && !filled.Contains(c.Name))
            .Select(c => $"{mapping.Title}.{c.Name} must be filled when a device creates a row: give it a default, or make it a field that devices write."));
        var constraints = await HostCatalogue.ListAsync(connection, ConstraintQuery, r => (Name: r.GetString(0), Columns: r.GetFieldValue<string[]>(1)), cancellationToken, mapping.Schema, mapping.Table);
        return id is null || owner is null ? null
            : new HostEntity(
                mapping, id.Type, id.Short is "text" or "varchar" && !id.IsForeign, id.Short is "int4" or "int8" ? id.Sequence : null, owner.Type, clientId?.Type, deleted?.Type, created?.Type, updated?.Type, fields,
                constraints.DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => (IReadOnlyList<string>)[.. mapping.Fields.Where(f => c.Columns.Contains(f.Source)).Select(f => f.Name)], StringComparer.Ordinal));

        EntityColumn? Moment(string? name) => name is null ? null : Find(name, Moments, "timestamp or timestamptz");

        EntityColumn? Find(string name, IReadOnlyCollection<string> types, string words)
        {
            var column = columns.Find(c => c.Name == name);
            if (column is null)
            {
                problems.Add($"{mapping.Title} has no column {name}.");
            }
            else if (!types.Contains(column.Short))
            {
                problems.Add($"{mapping.Title}.{name} is {column.Type}; this has to be {words}.");
            }

            return column is not null && types.Contains(column.Short) ? column : null;
        }
    }

    private static HostField? Field(FieldMapping field, List<EntityColumn> columns, EntityMapping mapping, List<string> problems)
    {
        if (columns.Find(c => c.Name == field.Source) is not { } column)
        {
            problems.Add($"{mapping.Title} has no column {field.Source}.");
            return null;
        }

        var (kind, limit) = Kind(column);
        var isReadOnly = field.ReadOnly || column.IsFixed;
        if (!isReadOnly && (kind == HostFieldKind.Other || !column.IsNameable))
        {
            problems.Add($"{mapping.Title}.{column.Name} is {column.Type}, which devices cannot write: make the field readOnly.");
        }

        return new HostField(field with { ReadOnly = isReadOnly }, column.Type, kind, limit, column.Labels, column.IsRequired || field.Required, column.HasDefault && !field.Required);
    }

    private static (HostFieldKind Kind, long Limit) Kind(EntityColumn column) => column switch
    {
        { IsEnum: true } => (HostFieldKind.Text, 63),
        { IsList: true, Element: { } element } => (Elements.Contains(element) ? HostFieldKind.List : HostFieldKind.Other, 0),
        { Short: "text" or "citext" } => (HostFieldKind.Text, 50_000),
        { Short: "varchar" or "bpchar" } => (HostFieldKind.Text, column.Length == 0 ? 50_000 : column.Length),
        { Short: "timestamp" } => (HostFieldKind.Time, 0),
        { Short: "timestamptz" } => (HostFieldKind.ZonedTime, 0),
        { Short: "date" } => (HostFieldKind.Date, 0),
        { Short: "int2" } => (HostFieldKind.Whole, short.MaxValue),
        { Short: "int4" } => (HostFieldKind.Whole, int.MaxValue),
        { Short: "int8" } => (HostFieldKind.Whole, long.MaxValue),
        { Short: "numeric" } => (HostFieldKind.Exact, 0),
        { Short: "float4" or "float8" } => (HostFieldKind.Near, 0),
        { Short: "bool" } => (HostFieldKind.Truth, 0),
        { Short: "uuid" } => (HostFieldKind.Uuid, 0),
        { Short: "json" or "jsonb" } => (HostFieldKind.Json, 0),
        _ => (HostFieldKind.Other, 0),
    };

    private static Task<List<EntityColumn>> ColumnsAsync(NpgsqlConnection connection, EntityMapping mapping, CancellationToken cancellationToken) => HostCatalogue.ListAsync(
        connection, ColumnQuery,
        r => new EntityColumn(
            r.GetString(0), r.GetString(1), r.GetString(2), r.GetBoolean(3), r.GetBoolean(4), r.GetBoolean(5), r.GetBoolean(6), r.GetBoolean(7), r.GetBoolean(8), r.GetInt32(9),
            r.IsDBNull(10) ? null : r.GetFieldValue<string[]>(10), r.IsDBNull(11) ? null : r.GetString(11), r.GetBoolean(12), r.IsDBNull(13) ? null : r.GetString(13), r.GetBoolean(14)),
        cancellationToken, mapping.Schema, mapping.Table);

    /// <param name="Type">In full.</param>
    /// <param name="Short">Its short name: <c>varchar</c>, <c>int8</c>.</param>
    /// <param name="IsFixed">The database alone gives it.</param>
    /// <param name="IsForeign">Its texts are sorted otherwise than the database's.</param>
    /// <param name="Length">In characters; 0: any.</param>
    /// <param name="Labels">Of an enum.</param>
    /// <param name="Element">The type of a list's elements.</param>
    /// <param name="IsNameable">The portal's role can write its type's name.</param>
    private sealed record EntityColumn(
        string Name, string Type, string Short, bool IsEnum, bool IsList, bool IsRequired, bool HasDefault, bool IsFixed, bool IsForeign, int Length, IReadOnlyList<string>? Labels, string? Sequence, bool IsUnique,
        string? Element, bool IsNameable);
}
