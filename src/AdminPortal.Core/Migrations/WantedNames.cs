using AdminPortal.Core.Hosts;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Looks before a deployment whether something of the host's has a name that a migration needs.</summary>
internal static class WantedNames
{
    private const int Samples = 20;

    private const string Query = """
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        UNION SELECT n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        UNION SELECT 'schema ' || nspname FROM pg_namespace
        """;

    /// <summary>An equal index or enum of the host's is no obstacle: it is used as it is. What the portal began itself is not looked at.</summary>
    public static async Task<Precheck> CheckAsync(NpgsqlConnection connection, MigrationSet set, IReadOnlyList<MigrationScript> pending, CancellationToken cancellationToken)
    {
        var catalogue = await CatalogueLines.ReadAsync(connection, cancellationToken);
        var begun = await MigrationSteps.ReadAsync(connection, set.Effects, cancellationToken);
        var names = (await TargetHistory.ListAsync(connection, Query, r => r.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var there = catalogue.Select(line => CatalogueLine.Parse(line).Identity).ToHashSet(StringComparer.Ordinal);
        var parts = new Dictionary<string, HostParts>(StringComparer.Ordinal);
        foreach (var migration in pending.Where(m => !begun.ContainsKey(m.Id)))
        {
            parts[migration.Id] = await HostParts.ReadAsync(connection, set, migration, catalogue, cancellationToken);
        }

        var isOwnSchema = set.All.Where(m => !pending.Any(p => p.Id == m.Id)).Any(m => MakesTablesOfSync(set.Effects[m.Id].Added)); // made by what is applied already
        List<string> taken = [.. pending.Where(m => !begun.ContainsKey(m.Id)).SelectMany(m => Taken([.. set.Effects[m.Id].Added.Except(parts[m.Id].Found)], catalogue, there, names, isOwnSchema)).Concat(parts.Values.SelectMany(p => p.Problems)).Distinct()];
        return new("Nothing else has a name that the migrations need", Severity.Error, taken.Count == 0, taken.Count == 0 ? "the names are free" : string.Join(", ", taken.Take(3)) + (taken.Count > 3 ? ", …" : ""),
            "Rename what is there. When it is what the migration makes: compare history and catalogue, and mark it as applied.", [.. taken.Take(Samples)]);
    }

    private static bool MakesTablesOfSync(IEnumerable<string> added) => added.Any(text => text.StartsWith("table sync.", StringComparison.Ordinal));

    private static IEnumerable<string> Taken(IReadOnlyList<string> added, HashSet<string> catalogue, HashSet<string> there, HashSet<string> names, bool isOwnSchema)
    {
        var lines = added.Select(text => (Text: text, Line: CatalogueLine.Parse(text))).ToList();
        var tables = lines.Where(l => l.Line.Kind == "table").Select(l => l.Line.Name).ToHashSet(StringComparer.Ordinal);
        if (!isOwnSchema && MakesTablesOfSync(added) && names.Contains("schema sync"))
        {
            yield return "schema sync";
        }

        var isAlone = added.Count == 1;
        foreach (var (text, line) in lines)
        {
            var isTaken = line.Kind switch
            {
                "table" or "view" => names.Contains(line.Name),
                "index" => names.Contains(line.Name) && !(isAlone && catalogue.Contains(text)),
                "enum" => names.Contains(line.Name) && !catalogue.Contains(text),
                "column" => !tables.Contains(line.Table!) && there.Contains(line.Identity),
                "function" => there.Contains(line.Identity),
                _ => false,
            };
            if (isTaken)
            {
                yield return $"{line.Kind} {line.Name}";
            }
        }
    }
}
