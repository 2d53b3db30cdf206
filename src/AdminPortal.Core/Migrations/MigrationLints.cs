using System.Globalization;
using System.Text.RegularExpressions;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Reads SQL for what hurts a database in use: locks, rewrites, scans, loss. Weighed by the rows that the table has now;
/// a table that the same migration creates hurts nobody. The rules are those of PostgreSQL's manual, "Explicit Locking" and
/// "ALTER TABLE".
/// </summary>
internal static partial class MigrationLints
{
    /// <summary>Above this a scan under a lock takes long enough to be noticed.</summary>
    public const long ManyRows = 100_000;

    /// <param name="rows">Live rows by <c>schema.table</c>; a table that is not in it is new.</param>
    public static IReadOnlyList<MigrationLint> Of(MigrationScript script, IReadOnlyDictionary<string, long> rows)
    {
        var text = script.Up.Select(s => s.Sql).ToList();
        var created = text.SelectMany(sql => CreateTable().Matches(sql)).Select(m => Clean(m.Groups["table"].Value)).ToHashSet(StringComparer.Ordinal);
        var newLabels = text.SelectMany(sql => AddLabel().Matches(sql)).Select(m => m.Groups["label"].Value).ToList();
        List<MigrationLint> found = [.. text.SelectMany(Statements).SelectMany(sql => OfStatement(sql, created, rows))];
        if (script.Up.Any(s => !s.InTransaction) && script.Up.Any(s => s.InTransaction))
        {
            found.Add(new("concurrently-mixed", Severity.Warning, "Some statements commit by themselves and others do not: a failure leaves it half applied.", "Put each CONCURRENTLY statement into a migration of its own."));
        }

        found.AddRange(newLabels.Where(label => text.Any(sql => !AddLabel().IsMatch(sql) && sql.Contains($"'{label}'", StringComparison.Ordinal)))
            .Select(label => new MigrationLint("label-used-at-once", Severity.Error, $"The enum label '{label}' is added and used in one migration: PostgreSQL refuses that with 55P04.", "Add the label in a migration before this one.")));
        return [.. found.GroupBy(lint => lint).Select(same => same.Count() == 1 ? same.Key : same.Key with { Message = $"{same.Key.Message} ({same.Count()} times)" })];
    }

    private static IEnumerable<MigrationLint> OfStatement(string sql, HashSet<string> created, IReadOnlyDictionary<string, long> rows)
    {
        if (CreateIndex().Match(sql) is { Success: true } index && Target(index) is var indexed && !created.Contains(indexed))
        {
            var count = rows.GetValueOrDefault(indexed);
            yield return index.Groups["concurrently"].Success
                ? new("index-concurrent", Severity.Info, $"Builds an index on {indexed} ({Rows(count)}) while people go on working. It waits for transactions that are open when it begins.")
                : new("index-not-concurrent", count > ManyRows ? Severity.Error : Severity.Warning, $"Nobody can write to {indexed} ({Rows(count)}) until the index is built.", "Use CREATE INDEX CONCURRENTLY in a migration of its own.");
        }

        if (DropIndex().Match(sql) is { Success: true } drop && !drop.Groups["concurrently"].Success)
        {
            yield return new("drop-index", Severity.Warning, "DROP INDEX waits for everybody who uses the table, and whoever comes after waits behind it.", "Use DROP INDEX CONCURRENTLY.");
        }

        if (Alter().Match(sql) is { Success: true } alter && Target(alter) is var table && !created.Contains(table))
        {
            foreach (var lint in OfAlter(sql, table, rows.GetValueOrDefault(table)))
            {
                yield return lint;
            }
        }

        if (Loss().Match(sql) is { Success: true } loss && !created.Contains(Clean(loss.Groups["table"].Value)))
        {
            yield return new("loss", Severity.Warning, $"{loss.Groups["what"].Value.ToUpperInvariant()} loses or renames what other programs may still use.", "Deploy the programs that no longer need it first.");
        }

        if (Update().IsMatch(sql) && !sql.Contains("where", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("update-all", Severity.Warning, "Changes every row in one transaction, and keeps all of them locked until it ends.", "Fill rows in batches outside of the migration.");
        }
    }

    private static IEnumerable<MigrationLint> OfAlter(string sql, string table, long count)
    {
        var heavy = count > ManyRows ? Severity.Error : Severity.Warning;
        if (sql.Contains("foreign key", StringComparison.OrdinalIgnoreCase) && !sql.Contains("not valid", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("foreign-key", heavy, $"Adding the foreign key reads all of {table} ({Rows(count)}) and blocks writes to both tables meanwhile.", "Add it NOT VALID, then VALIDATE CONSTRAINT.");
        }

        if (UniqueConstraint().IsMatch(sql))
        {
            yield return new("unique-constraint", heavy, $"Builds an index on {table} ({Rows(count)}) while nobody can read or write it.", "Build the index concurrently, then ADD CONSTRAINT … USING INDEX.");
        }

        if (sql.Contains("set not null", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("set-not-null", heavy, $"Reads all of {table} ({Rows(count)}) while nobody can use it.", "Add a CHECK (… IS NOT NULL) NOT VALID, validate it, then SET NOT NULL.");
        }

        if (ChangeType().IsMatch(sql))
        {
            yield return new("type-change", heavy, $"May rewrite all of {table} ({Rows(count)}) while nobody can use it.", "Add a new column, fill it in batches, then swap.");
        }

        if (VolatileDefault().IsMatch(sql))
        {
            yield return new("volatile-default", heavy, $"Rewrites all of {table} ({Rows(count)}), since every row gets a value of its own.", "Add the column without the default, fill it in batches, then set the default.");
        }

        if (sql.Contains(" check ", StringComparison.OrdinalIgnoreCase) && !sql.Contains("not valid", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("check-constraint", heavy, $"Reads all of {table} ({Rows(count)}) while nobody can use it.", "Add it NOT VALID, then VALIDATE CONSTRAINT.");
        }

        if (AddColumn().IsMatch(sql) && !VolatileDefault().IsMatch(sql))
        {
            yield return new("add-column", Severity.Info, $"Adds a column to {table} without touching its rows; it needs the table for an instant.");
        }
    }

    /// <summary>Bodies of DO and functions are one statement each: what they hold is theirs.</summary>
    private static IEnumerable<string> Statements(string sql) => sql.Contains("$$", StringComparison.Ordinal) ? [sql] : sql.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Target(Match match) => Clean(match.Groups["table"].Value);

    private static string Clean(string name)
    {
        var clean = name.Replace("\"", "", StringComparison.Ordinal);
        return clean.Contains('.', StringComparison.Ordinal) ? clean : $"public.{clean}";
    }

    private static string Rows(long count) => count == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} rows");

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex("""CREATE TABLE (IF NOT EXISTS )?(?<table>[\w".]+)""", Options, 1000)]
    private static partial Regex CreateTable();

    [GeneratedRegex("""CREATE (UNIQUE )?INDEX (?<concurrently>CONCURRENTLY )?.*? ON (ONLY )?(?<table>[\w".]+)""", Options | RegexOptions.Singleline, 1000)]
    private static partial Regex CreateIndex();

    [GeneratedRegex("""DROP INDEX (?<concurrently>CONCURRENTLY )?""", Options, 1000)]
    private static partial Regex DropIndex();

    [GeneratedRegex("""ALTER TABLE (IF EXISTS )?(ONLY )?(?<table>[\w".]+)""", Options, 1000)]
    private static partial Regex Alter();

    [GeneratedRegex("""(?<what>DROP TABLE( IF EXISTS)?|TRUNCATE( TABLE)?|RENAME (COLUMN )?|DROP COLUMN( IF EXISTS)?) *(?<table>[\w".]+)""", Options, 1000)]
    private static partial Regex Loss();

    [GeneratedRegex("""^\s*(UPDATE|DELETE FROM)\s""", Options, 1000)]
    private static partial Regex Update();

    [GeneratedRegex("""ADD CONSTRAINT\s+\S+\s+UNIQUE\s*\(""", Options, 1000)]
    private static partial Regex UniqueConstraint();

    [GeneratedRegex("""ALTER COLUMN\s+\S+\s+(SET DATA )?TYPE""", Options, 1000)]
    private static partial Regex ChangeType();

    [GeneratedRegex("""ADD (COLUMN )?.*DEFAULT.*(random\(|gen_random_uuid|clock_timestamp|nextval)""", Options, 1000)]
    private static partial Regex VolatileDefault();

    [GeneratedRegex("""ADD (COLUMN )?(?!CONSTRAINT)["\w]+ """, Options, 1000)]
    private static partial Regex AddColumn();

    [GeneratedRegex("""ALTER TYPE \S+ ADD VALUE (IF NOT EXISTS )?'(?<label>[^']+)'""", Options, 1000)]
    private static partial Regex AddLabel();
}
