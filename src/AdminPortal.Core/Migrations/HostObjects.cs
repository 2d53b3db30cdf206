using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Finds what is the host's around what the portal made: things that stand on it, things in it, and things that took its place.</summary>
internal static class HostObjects
{
    private const int Samples = 20;

    /// <summary>Whatever depends on the dropped and is not itself part of it, in the server's words.</summary>
    private const string Dependents = """
        WITH tables AS (
            SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname || '.' || c.relname = ANY($1)
        ), dropped AS (
            SELECT 'pg_class'::regclass::oid AS classid, oid, NULL::int AS part FROM tables
            UNION ALL SELECT 'pg_type'::regclass::oid, t.oid, NULL FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname || '.' || t.typname = ANY($2)
            UNION ALL SELECT 'pg_class'::regclass::oid, a.attrelid, a.attnum FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE concat_ws('.', n.nspname, c.relname, a.attname) = ANY($3)
            UNION ALL SELECT 'pg_extension'::regclass::oid, e.oid, NULL FROM pg_extension e WHERE 'extension ' || e.extname = ANY($4)
            UNION ALL SELECT d.classid, d.objid, NULL FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
                WHERE 'extension ' || e.extname = ANY($4)
        )
        SELECT DISTINCT format('%s stands on %s', CASE d.classid WHEN 'pg_rewrite'::regclass THEN pg_describe_object('pg_class'::regclass, w.ev_class, 0) ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END,
            pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid))
        FROM dropped x JOIN pg_depend d ON d.refclassid = x.classid AND d.refobjid = x.oid AND (x.part IS NULL OR d.refobjsubid = x.part) AND d.deptype IN ('n', 'a')
        LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
        LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
        LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
        LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
        LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
        LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
        WHERE coalesce(w.ev_class, k.conrelid, f.adrelid, t.tgrelid, i.indrelid, c.oid, 0) NOT IN (SELECT oid FROM tables)
          AND NOT EXISTS (SELECT FROM dropped y WHERE y.classid = d.classid AND y.oid = d.objid AND (y.part IS NULL OR y.part = d.objsubid))
          AND NOT (d.classid = 'pg_class'::regclass AND coalesce(c.relname, '') = ANY($5))
          AND NOT (d.classid = 'pg_attrdef'::regclass AND f.adrelid = d.refobjid AND f.adnum = d.refobjsubid)
          AND NOT (d.classid = 'pg_constraint'::regclass AND (SELECT concat_ws('.', n.nspname, o.relname, k.conname) FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace WHERE o.oid = k.conrelid) = ANY($6))
          AND d.classid = ANY (ARRAY['pg_class', 'pg_rewrite', 'pg_constraint', 'pg_attrdef', 'pg_trigger', 'pg_proc', 'pg_policy']::regclass[]::oid[])
          AND NOT (d.classid = 'pg_proc'::regclass AND pg_describe_object(d.classid, d.objid, 0) LIKE 'function sync.%')
        ORDER BY 1
        """;

    /// <summary>Empty: what these steps made can be taken away, and nothing else goes with it.</summary>
    public static async Task<IReadOnlyList<string>> InTheWayAsync(NpgsqlConnection connection, MigrationEffects effects, IReadOnlyList<MigrationStep> undone, CancellationToken cancellationToken)
    {
        var catalogue = await CatalogueLines.ReadAsync(connection, cancellationToken);
        var made = undone.SelectMany(s => s.Made).Where(line => !effects.IsPassing(line)).ToList();
        var tables = made.Select(CatalogueLine.Parse).Where(l => l.Kind is "table" or "view").Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
        var gone = undone.Count == 0 ? [] : await DependentsAsync(connection, made, tables, cancellationToken);
        return [.. Changed(made, catalogue, tables).Concat(Foreign(effects, catalogue, tables)).Concat(gone).Distinct().Take(Samples)];
    }

    /// <summary>Something else has the name of what the portal made, or a part of a table of the portal's was taken away.</summary>
    private static IEnumerable<string> Changed(List<string> made, HashSet<string> catalogue, HashSet<string> tables)
    {
        var there = catalogue.Select(CatalogueLine.Parse).ToLookup(l => l.Identity, StringComparer.Ordinal);
        foreach (var line in made.Where(line => !catalogue.Contains(line) && !catalogue.Contains(line + MigrationProof.Invalid)).Select(CatalogueLine.Parse))
        {
            if (there[line.Identity].Any())
            {
                yield return $"The {line.Kind} {line.Name} is not as the portal made it. Put it back as it was, or move what took its place.";
            }
            else if (line.Kind == "column" && tables.Contains(line.Table!) && catalogue.Contains($"table {line.Table}"))
            {
                yield return $"The table {line.Table} is not as the portal made it: {line.Name} is missing. Put it back, or move what took its place.";
            }
        }
    }

    /// <summary>What somebody else put into the portal's tables, or into its schema sync.</summary>
    private static IEnumerable<string> Foreign(MigrationEffects effects, HashSet<string> catalogue, HashSet<string> tables)
    {
        var known = effects.Lines;
        var ownsSync = tables.Contains("sync.changes");
        return catalogue.Where(text => !known.Contains(text) && !known.Contains(text.Replace(MigrationProof.Invalid, "", StringComparison.Ordinal))).Select(CatalogueLine.Parse)
            .Where(line => (line.Table is { } table && tables.Contains(table)) || (ownsSync && line.Name.StartsWith("sync.", StringComparison.Ordinal) && line.Kind is "table" or "function" or "enum"))
            .Where(line => !known.Any(ours => CatalogueLine.Parse(ours).Identity == line.Identity))
            .Select(line => $"The {line.Kind} {line.Name} is not the portal's, and would go with it. Move or drop it first.");
    }

    private static async Task<IEnumerable<string>> DependentsAsync(NpgsqlConnection connection, List<string> made, HashSet<string> tables, CancellationToken cancellationToken)
    {
        var lines = made.Select(CatalogueLine.Parse).ToList();
        await using var command = new NpgsqlCommand(Dependents, connection)
        {
            Parameters =
            {
                new() { Value = tables.ToArray() }, new() { Value = Names("enum") }, new() { Value = Names("column") },
                new() { Value = made.Where(l => l.StartsWith("extension ", StringComparison.Ordinal)).ToArray() },
                new() { Value = Names("index").Select(n => n[(n.IndexOf('.', StringComparison.Ordinal) + 1)..]).ToArray() }, new() { Value = Names("constraint") },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> found = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add($"{reader.GetString(0)}. Drop or change it first.");
        }

        return found;

        string[] Names(string kind) => [.. lines.Where(l => l.Kind == kind).Select(l => l.Name)];
    }
}
