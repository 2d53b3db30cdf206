using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// The SQL that takes the remains of a half-applied migration away, made from what the catalogue says is there. It never
/// takes rows: tables and columns that hold something are named instead.
/// </summary>
internal static class MigrationCleanUp
{
    /// <summary>In the order in which the statements have to run; each commits by itself.</summary>
    public static IReadOnlyList<string> Statements(MigrationProof proof, HashSet<string> catalogue)
    {
        var effect = MigrationProof.Effects[proof.MigrationId];
        var there = effect.Added.Where(catalogue.Contains).Concat(effect.Added.Select(line => line + " INVALID").Where(catalogue.Contains)).ToList();
        var tables = Rest(there, "table ").ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Rest(there, "constraint ").Select(SplitName).Where(c => !tables.Contains(c.Table)).Select(c => $"ALTER TABLE {Quote(c.Table)} DROP CONSTRAINT {Quote(c.Name)};"),
            .. Rest(there, "index ").Select(IndexOf).Where(i => !tables.Contains(i.Table)).Select(i => $"DROP INDEX CONCURRENTLY IF EXISTS {Quote(i.Schema)}.{Quote(i.Name)};"),
            .. Columns(there).Where(c => !tables.Contains(c.Table)).Select(c => $"ALTER TABLE {Quote(c.Table)} DROP COLUMN {Quote(c.Name)};"),
            .. tables.Select(table => $"DROP TABLE {Quote(table)};"),
            .. Rest(there, "enum ").Select(line => $"DROP TYPE {Quote(line[..line.IndexOf(':', StringComparison.Ordinal)])};"),
        ];
    }

    /// <summary>Tables and columns that the clean-up would empty, each in words; empty: nothing is lost.</summary>
    public static async Task<IReadOnlyList<string>> LossesAsync(NpgsqlConnection connection, MigrationProof proof, CancellationToken cancellationToken)
    {
        List<string> losses = [];
        foreach (var table in Rest(proof.Found, "table "))
        {
            if (await AnyAsync(connection, $"SELECT EXISTS (SELECT FROM {Quote(table)})", cancellationToken))
            {
                losses.Add($"{table} has rows");
            }
        }

        foreach (var (table, column) in Columns(proof.Found).Where(c => !losses.Contains($"{c.Table} has rows")))
        {
            if (await AnyAsync(connection, $"SELECT EXISTS (SELECT FROM {Quote(table)} WHERE {Quote(column)} IS NOT NULL)", cancellationToken))
            {
                losses.Add($"{table}.{column} has values");
            }
        }

        return losses;
    }

    private static async Task<bool> AnyAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        (await TargetHistory.ListAsync(connection, sql, r => r.GetBoolean(0), cancellationToken))[0];

    private static IEnumerable<string> Rest(IEnumerable<string> lines, string prefix) => lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..]);

    private static IEnumerable<(string Table, string Name)> Columns(IEnumerable<string> lines) => Rest(lines, "column ").Select(line => SplitName(line[..line.IndexOf(' ', StringComparison.Ordinal)]));

    /// <summary><c>schema.table.name: definition</c>.</summary>
    private static (string Table, string Name) SplitName(string line)
    {
        var path = line.Split(':', 2)[0];
        var last = path.LastIndexOf('.');
        return (path[..last], path[(last + 1)..]);
    }

    /// <summary>As <c>pg_get_indexdef</c> writes it: <c>CREATE UNIQUE INDEX name ON schema.table USING …</c>.</summary>
    private static (string Schema, string Name, string Table) IndexOf(string definition)
    {
        var words = definition.Split(' ');
        var at = Array.IndexOf(words, "INDEX");
        var table = words[at + 3].Replace("\"", "", StringComparison.Ordinal);
        return (table.Split('.')[0], words[at + 1].Trim('"'), table);
    }

    private static string Quote(string path) => string.Join('.', path.Split('.').Select(part => $"\"{part}\""));
}
