using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// The SQL that takes the remains of a half-applied migration away, made from what the catalogue says is there. It never
/// takes rows: tables and columns that hold something are named instead.
/// </summary>
internal static class MigrationCleanUp
{
    /// <summary>What stands in these when their migration has just made them it writes itself, or the backfill finds again.</summary>
    private static readonly string[] Refilled = ["sync.meta", "sync.backfill", "sync.dirty"];

    /// <summary>In the order in which the statements have to run.</summary>
    public static IReadOnlyList<MigrationStatement> Statements(MigrationStep step, HashSet<string> catalogue)
    {
        var there = step.Made.Where(catalogue.Contains).Concat(step.Made.Select(line => line + MigrationProof.Invalid).Where(catalogue.Contains)).ToList();
        if (there.TrueForAll(line => line.StartsWith("index ", StringComparison.Ordinal)))
        {
            return [.. Rest(there, "index ").Select(IndexOf).Select(i => new MigrationStatement($"DROP INDEX CONCURRENTLY IF EXISTS {Quote(i.Schema)}.{Quote(i.Name)};", InTransaction: false))];
        }

        var tables = Rest(there, "table ").ToHashSet(StringComparer.Ordinal);
        string[] together =
        [
            .. Rest(there, "view ").Select(view => $"DROP VIEW {Quote(view)};"),
            .. Rest(there, "trigger ").Select(TriggerOf).Where(t => !tables.Contains(t.Table)).Select(t => $"DROP TRIGGER {Quote(t.Name)} ON {Quote(t.Table)};"),
            .. Constraints(there).Where(c => c.IsForeignKey || !tables.Contains(c.Table)).Select(c => $"ALTER TABLE {Quote(c.Table)} DROP CONSTRAINT {Quote(c.Name)};"),
            .. Rest(there, "index ").Select(IndexOf).Where(i => !tables.Contains(i.Table)).Select(i => $"DROP INDEX IF EXISTS {Quote(i.Schema)}.{Quote(i.Name)};"),
            .. Columns(there).Where(c => !tables.Contains(c.Table)).Select(c => $"ALTER TABLE {Quote(c.Table)} DROP COLUMN {Quote(c.Name)};"),
            .. tables.Select(table => $"DROP TABLE {Quote(table)};"),
            .. Rest(there, "function ").Select(f => $"DROP FUNCTION {Quote(f[..f.IndexOf('(', StringComparison.Ordinal)])}{f[f.IndexOf('(', StringComparison.Ordinal)..]};"),
            .. Rest(there, "enum ").Select(line => $"DROP TYPE {Quote(line[..line.IndexOf(':', StringComparison.Ordinal)])};"),
        ];
        return [.. together.Select(sql => new MigrationStatement(sql, InTransaction: true))];
    }

    /// <summary>Why the clean-up must not run, in words; empty: it may, and loses nothing.</summary>
    /// <param name="step">Null: it is not on record that the portal began it here.</param>
    public static async Task<IReadOnlyList<string>> ObstaclesAsync(
        NpgsqlConnection connection, MigrationEffects effects, MigrationProof proof, MigrationStep? step, HashSet<string> catalogue, CancellationToken cancellationToken)
    {
        if (step is null)
        {
            return [$"The portal did not begin “{MigrationScript.NameOf(proof.MigrationId)}” on this database, so it takes nothing of it away. Whoever made these parts completes or removes them."];
        }

        if (effects.Reached(catalogue) is { } reached && string.CompareOrdinal(reached, proof.MigrationId) > 0)
        {
            return [$"Later migrations stand on it, up to {MigrationScript.NameOf(reached)}: put back what is missing instead. The page Verification has it with its remedy."];
        }

        List<string> obstacles =
        [
            .. Rest(proof.Found, "gone: ").Select(line => $"It took this away already, and only a backup brings it back: {line}."),
            .. await HostObjects.InTheWayAsync(connection, effects, [step], cancellationToken),
        ];
        List<string> found = [.. proof.Found.Except(step.Found)];
        List<string> tables = [.. Rest(found, "table ")];
        foreach (var table in tables.Except(Refilled))
        {
            if (await AnyAsync(connection, $"SELECT EXISTS (SELECT FROM {Quote(table)})", cancellationToken))
            {
                obstacles.Add($"It would lose data: {table} has rows. Save them first.");
            }
        }

        foreach (var (table, column) in Columns(found).Where(c => !tables.Contains(c.Table)))
        {
            if (await AnyAsync(connection, $"SELECT EXISTS (SELECT FROM {Quote(table)} WHERE {Quote(column)} IS NOT NULL)", cancellationToken))
            {
                obstacles.Add($"It would lose data: {table}.{column} has values. Save them first.");
            }
        }

        return obstacles;
    }

    private static async Task<bool> AnyAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        (await TargetHistory.ListAsync(connection, sql, r => r.GetBoolean(0), cancellationToken))[0];

    private static IEnumerable<string> Rest(IEnumerable<string> lines, string prefix) => lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..]);

    private static IEnumerable<(string Table, string Name)> Columns(IEnumerable<string> lines) => Rest(lines, "column ").Select(line => SplitName(line[..line.IndexOf(' ', StringComparison.Ordinal)]));

    private static IEnumerable<(string Table, string Name, bool IsForeignKey)> Constraints(IEnumerable<string> lines) => Rest(lines, "constraint ").Select(line =>
        (SplitName(line).Table, SplitName(line).Name, line.Contains(": FOREIGN KEY ", StringComparison.Ordinal)));

    /// <summary>As <c>pg_get_triggerdef</c> writes it: <c>CREATE TRIGGER name AFTER … ON schema.table …</c>.</summary>
    private static (string Name, string Table) TriggerOf(string definition)
    {
        var words = definition.Split(' ');
        return (words[Array.IndexOf(words, "TRIGGER") + 1].Trim('"'), words[Array.IndexOf(words, "ON") + 1].Replace("\"", "", StringComparison.Ordinal));
    }

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
