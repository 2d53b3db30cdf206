using System.Text.RegularExpressions;
using AdminPortal.Core.Migrations;
using Npgsql;

namespace AdminPortal.Core.Hosts;

/// <summary>
/// What a mapped host has already of a migration that makes tables. Equal is what the portal needs, whatever the names of indexes and
/// keys. Its tables are used as they are and stay the host's; what is missing on them is added.
/// </summary>
/// <param name="Found">Lines of the migration's effect that the host satisfies.</param>
/// <param name="Problems">Why its tables cannot be used, in words.</param>
internal sealed partial record HostParts(IReadOnlyList<string> Found, IReadOnlyList<string> Problems)
{
    private static readonly HostParts None = new([], []);

    private const string Unfilled = """
        SELECT n.nspname || '.' || c.relname, a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname || '.' || c.relname = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
        """;

    private const string Keys = """
        SELECT k.conrelid::regclass::text FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum] JOIN pg_attribute b ON b.attrelid = k.confrelid AND k.confkey = ARRAY[b.attnum]
        JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE k.contype = 'f' AND k.confdeltype = 'c' AND k.confupdtype = 'c' AND k.convalidated AND a.attname = 'userId' AND n.nspname = $1 AND t.relname = $2 AND b.attname = $3
          AND k.conrelid IN (to_regclass('public.device_pairings'), to_regclass('public.devices'))
        """;

    /// <param name="catalogue">Before the migration.</param>
    public static async Task<HostParts> ReadAsync(NpgsqlConnection connection, MigrationSet set, MigrationScript script, HashSet<string> catalogue, CancellationToken cancellationToken)
    {
        var added = set.Effects[script.Id].Added;
        var tables = added.Where(line => line.StartsWith("table public.", StringComparison.Ordinal) && catalogue.Contains(line)).Select(line => line["table ".Length..]).ToHashSet(StringComparer.Ordinal);
        if (set.People is not { Mapping: var mapping } || tables.Count == 0)
        {
            return None;
        }

        var keys = (await HostCatalogue.ListAsync(connection, Keys, r => r.GetString(0), cancellationToken, mapping.Schema, mapping.Table, mapping.Id)).ToHashSet(StringComparer.Ordinal);
        var there = catalogue.Select(text => (Text: text, Line: CatalogueLine.Parse(text))).Where(l => l.Line.Table is { } table && tables.Contains(table)).ToList();
        List<string> found = [.. added.Where(line => line.StartsWith("enum ", StringComparison.Ordinal) && catalogue.Contains(line))], problems = [];
        var wanted = added.Select(text => (Text: text, Line: CatalogueLine.Parse(text))).Where(l => l.Line.Table is { } table && tables.Contains(table)).ToList();
        foreach (var (text, line) in wanted)
        {
            var isMarked = text.EndsWith(']') && text.Contains($"[{PeopleSql.Mark}", StringComparison.Ordinal);
            if (catalogue.Contains(text) || there.Exists(t => t.Line.Kind == line.Kind && t.Line.Table == line.Table && Fits(text, t.Text, line, t.Line)) || (isMarked && line.Kind == "constraint" && keys.Contains(line.Table!["public.".Length..])))
            {
                found.Add(text);
            }
            else if (!isMarked && line.Kind is "column" or "constraint")
            {
                problems.Add($"{line.Table} is the host's, and lacks {text}{(there.Find(t => t.Line.Identity == line.Identity).Text is { } other ? $"; it has {other}" : "")}");
            }
        }

        var known = wanted.Where(w => w.Line.Kind == "column").Select(w => w.Line.Name).ToHashSet(StringComparer.Ordinal);
        problems.AddRange((await HostCatalogue.ListAsync(connection, Unfilled, r => (Table: r.GetString(0), Column: r.GetString(1)), cancellationToken, (object)tables.ToArray()))
            .Where(c => !known.Contains($"{c.Table}.{c.Column}")).Select(c => $"{c.Table}.{c.Column} is the host's and must be filled: give it a default"));
        return new HostParts(found, problems);
    }

    /// <summary>The statements that make what is missing.</summary>
    public IReadOnlyList<MigrationStatement> Rest(IReadOnlyList<MigrationStatement> up) => Found.Count == 0 ? up : [.. up.Where(s => !IsThere(s.Sql))];

    /// <summary>The statements that take back what was made on the host's tables, instead of those that would drop them.</summary>
    public static IReadOnlyList<MigrationStatement> Back(IReadOnlyList<MigrationStatement> down, MigrationStep step)
    {
        var kept = step.Found.Where(line => line.StartsWith("table ", StringComparison.Ordinal)).Select(line => line["table ".Length..]).ToHashSet(StringComparer.Ordinal);
        return [.. down.SelectMany(s => DropTable().Match(s.Sql) is { Success: true } drop && kept.Contains(drop.Groups["table"].Value)
            ? step.Made.Select(CatalogueLine.Parse).Where(l => l.Table == drop.Groups["table"].Value).Select(Drop).OfType<string>().Select(sql => new MigrationStatement(sql, InTransaction: true))
            : [s])];
    }

    private static string? Drop(CatalogueLine line)
    {
        var (schema, name) = (line.Name.Split('.')[0], line.Name[(line.Name.LastIndexOf('.') + 1)..]);
        return line.Kind switch
        {
            "index" => $"DROP INDEX {PeopleSql.Quote(schema)}.{PeopleSql.Quote(name)};",
            "constraint" => $"ALTER TABLE {line.Table} DROP CONSTRAINT {PeopleSql.Quote(name)};",
            _ => null,
        };
    }

    private bool IsThere(string sql) =>
        (CreateTable().Match(sql) is { Success: true } table && Found.Contains($"table {table.Groups["table"].Value}"))
        || (CreateIndex().Match(sql) is { Success: true } index && Found.Any(line => line.StartsWith("index ", StringComparison.Ordinal) && CatalogueLine.Parse(line).Name == $"public.{index.Groups["name"].Value}"))
        || (Key().Match(sql) is { Success: true } key && Found.Any(line => line.StartsWith($"constraint public.{key.Groups["table"].Value}.{key.Groups["table"].Value}_userId_fkey: [", StringComparison.Ordinal)));

    /// <summary>Another name, a default more, or a value that is required although it need not be … by nobody: that one does not fit.</summary>
    private static bool Fits(string wanted, string found, CatalogueLine wantedLine, CatalogueLine foundLine) => wantedLine.Kind switch
    {
        "index" => Index(wanted) == Index(found),
        "constraint" => wanted[wanted.IndexOf(": ", StringComparison.Ordinal)..] == found[found.IndexOf(": ", StringComparison.Ordinal)..],
        "column" => wantedLine.Name == foundLine.Name && !wanted.Contains(" default ", StringComparison.Ordinal) && found.StartsWith(wanted + " default ", StringComparison.Ordinal),
        _ => false,
    };

    private static string Index(string line) => IndexName().Replace(line, "INDEX ON", 1);

    [GeneratedRegex("INDEX \\S+ ON", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IndexName();

    [GeneratedRegex("^CREATE TABLE (?<table>public\\.\\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CreateTable();

    [GeneratedRegex("^DROP TABLE (?<table>public\\.\\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DropTable();

    [GeneratedRegex("^CREATE (UNIQUE )?INDEX \"?(?<name>\\w+)\"? ON public\\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CreateIndex();

    [GeneratedRegex("CONSTRAINT \"(?<table>\\w+)_userId_fkey\" (FOREIGN KEY|ON public)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
