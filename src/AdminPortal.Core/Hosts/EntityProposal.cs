using Npgsql;

namespace AdminPortal.Core.Hosts;

/// <summary>Guesses by keys and names which tables of a host devices could work on offline: those whose rows belong to a person.</summary>
internal static class EntityProposal
{
    private const string Tables = """
        SELECT n.nspname::text, c.relname::text, a.attname::text,
               (SELECT p.attname::text FROM pg_constraint k JOIN pg_attribute p ON p.attrelid = c.oid AND k.conkey = ARRAY[p.attnum] WHERE k.conrelid = c.oid AND k.contype = 'p')
        FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND f.conkey = ARRAY[a.attnum]
        JOIN pg_class t ON t.oid = f.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        WHERE f.contype = 'f' AND tn.nspname = $1 AND t.relname = $2 AND c.relkind = 'r' AND NOT c.relispartition AND c.oid <> t.oid AND n.nspname NOT IN ('portal', 'sync')
          AND c.relname !~* '(token|session_?key|password|credential|secret|account|login|oauth|audit|device|^sessions?$|migration)'
        ORDER BY 1, 2, a.attname ~* '(user|owner|member|person|account)' DESC, a.attnum
        """;

    private const string References = """
        SELECT a.attname::text, n.nspname || '.' || t.relname FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND f.conkey = ARRAY[a.attnum] JOIN pg_class t ON t.oid = f.confrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace WHERE f.contype = 'f' AND cn.nspname = $1 AND c.relname = $2
        """;

    private static readonly string[] Created = ["createdat", "createdon", "created", "insertedat"];
    private static readonly string[] Updated = ["updatedat", "updatedon", "modifiedat", "modified", "updated"];
    private static readonly string[] Deleted = ["deletedat", "removedat", "archivedat"];
    private static readonly string[] Clients = ["clientid", "localid", "clientuuid"];

    /// <summary>Each behind those that it refers to.</summary>
    public static async Task<IReadOnlyList<EntityMapping>> ReadAsync(NpgsqlConnection connection, PeopleMapping people, CancellationToken cancellationToken)
    {
        var tables = (await HostCatalogue.ListAsync(
                connection, Tables, r => (Schema: r.GetString(0), Table: r.GetString(1), Owner: r.GetString(2), Id: r.IsDBNull(3) ? null : r.GetString(3)), cancellationToken, people.Schema, people.Table))
            .Where(t => t.Id is not null).DistinctBy(t => (t.Schema, t.Table)).Take(EntityMapping.Most).ToList();
        var names = tables.ToDictionary(t => $"{t.Schema}.{t.Table}", t => NameOf(t.Table), StringComparer.Ordinal);
        List<EntityMapping> entities = [];
        foreach (var (schema, table, owner, id) in tables.Where(t => names.Count(n => n.Value == NameOf(t.Table)) == 1))
        {
            var columns = await HostCatalogue.ColumnsAsync(connection, schema, table, cancellationToken);
            var parents = (await HostCatalogue.ListAsync(connection, References, r => (Column: r.GetString(0), Table: r.GetString(1)), cancellationToken, schema, table))
                .Where(r => names.ContainsKey(r.Table)).DistinctBy(r => r.Column).ToDictionary(r => r.Column, r => names[r.Table], StringComparer.Ordinal);
            var (created, updated, deleted, client) = (Find(columns, Created), Find(columns, Updated), Find(columns, Deleted), Find(columns, Clients));
            string?[] taken = [id, owner, created, updated, deleted, client];
            entities.Add(new EntityMapping(
                names[$"{schema}.{table}"], schema, table, owner, [.. columns.Where(c => !taken.Contains(c.Name)).Select(c => Field(c, parents.GetValueOrDefault(c.Name)))], id!, client, deleted, created, updated));
        }

        var whole = entities.Where(e => e.Fields.Count > 0 && EntityMapping.Problem([e with { Fields = [.. e.Fields.Select(f => f with { Parent = null })] }]) is null).ToList();
        return EntityMapping.InOrder([.. whole.Select(e => e with { Fields = [.. e.Fields.Select(f => f.Parent is { } parent && whole.Exists(w => w.Name == parent) ? f : f with { Parent = null })] })]) ?? [];
    }

    private static FieldMapping Field(HostColumn column, string? parent)
    {
        var name = Camel(column.Name);
        name = parent is not null && !name.EndsWith("Id", StringComparison.Ordinal) ? name + "Id" : name;
        return new FieldMapping(name, name == column.Name ? null : column.Name, Parent: parent);
    }

    /// <summary>Of <c>focus_sessions</c> it is <c>focusSession</c>.</summary>
    private static string NameOf(string table)
    {
        var name = Camel(table);
        return name.EndsWith("ies", StringComparison.Ordinal) ? name[..^3] + "y"
            : name.EndsWith("sses", StringComparison.Ordinal) ? name[..^2]
            : name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal) ? name[..^1] : name;
    }

    private static string Camel(string name)
    {
        var words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? name : char.ToLowerInvariant(words[0][0]) + words[0][1..] + string.Concat(words.Skip(1).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }

    private static string? Find(IReadOnlyList<HostColumn> columns, string[] names) =>
        names.Select(name => columns.FirstOrDefault(c => c.Name.Replace("_", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase))?.Name).OfType<string>().FirstOrDefault();
}
