using System.Text.RegularExpressions;
using AdminPortal.Core.Hosts;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What is done together, in one transaction unless a statement commits by itself.</summary>
/// <param name="Steps">Newest first.</param>
internal sealed record RollBackPart(IReadOnlyList<RollBackStep> Steps, IReadOnlyList<MigrationStatement> Statements);

/// <param name="IsUndone">False: the portal did not make it, so it only leaves the history.</param>
internal sealed record RollBackStep(MigrationScript Script, bool IsUndone, IReadOnlyList<MigrationStatement> Statements);

/// <summary>
/// How a target is rolled back: what the portal made there is undone, what was adopted or found only leaves the history. It is all
/// done at once, or not at all, except for an index that has to be built again concurrently.
/// </summary>
internal sealed partial class RollBackPlan
{
    private RollBackPlan(IReadOnlyList<RollBackStep> steps, IReadOnlyList<string> obstacles) => (Steps, Obstacles) = (steps, obstacles);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RollBackStep> Steps { get; }

    /// <summary>What of the host's stands in the way, or is no longer as the portal made it; in words.</summary>
    public IReadOnlyList<string> Obstacles { get; }

    /// <summary>The statements of what is undone.</summary>
    public IEnumerable<MigrationStatement> Statements => Steps.SelectMany(s => s.Statements);

    /// <param name="back">The migrations to take back, newest first.</param>
    public static async Task<RollBackPlan> ReadAsync(NpgsqlConnection connection, MigrationSet set, IReadOnlyList<MigrationScript> back, CancellationToken cancellationToken)
    {
        var records = await MigrationSteps.ReadAsync(connection, set.Effects, cancellationToken);
        var undone = back.Where(m => records.ContainsKey(m.Id)).Select(m => records[m.Id]).ToList();
        return new RollBackPlan(
            [.. back.Select(m => records.TryGetValue(m.Id, out var record) ? new RollBackStep(m, true, Way(m, record)) : new RollBackStep(m, false, []))],
            await HostObjects.InTheWayAsync(connection, set.Effects, undone, cancellationToken));
    }

    /// <summary>In the order in which they are done.</summary>
    public IReadOnlyList<RollBackPart> Parts()
    {
        List<RollBackPart> parts = [];
        List<RollBackStep> together = [];
        for (var i = 0; i < Steps.Count; i++)
        {
            var later = Steps.Skip(i + 1).SelectMany(s => s.Statements).Select(s => s.Sql).ToList();
            var statements = Steps[i].Statements.Where(s => !IsInVain(s.Sql, later)).ToList();
            if (statements.Exists(s => BuildIndex().IsMatch(s.Sql)))
            {
                Close();
                parts.Add(new RollBackPart([Steps[i]], statements));
            }
            else
            {
                together.Add(Steps[i] with { Statements = [.. statements.Where(s => !IsInVain(s.Sql, later)).Select(s => new MigrationStatement(s.Sql.Replace("INDEX CONCURRENTLY", "INDEX", StringComparison.Ordinal), InTransaction: true))] });
            }
        }

        Close();
        return parts;

        void Close()
        {
            if (together.Count > 0)
            {
                parts.Add(new RollBackPart(together, [.. together.SelectMany(s => s.Statements)]));
                together = [];
            }
        }
    }

    /// <summary>Without what would take away what was there before: a type, or the extension.</summary>
    private static IReadOnlyList<MigrationStatement> Way(MigrationScript script, MigrationStep record) => [.. HostParts.Back(script.Down, record).Where(statement => !record.Found.Any(line =>
        (line.StartsWith("enum ", StringComparison.Ordinal) && statement.Sql.Contains($"DROP TYPE IF EXISTS {Quoted(line[5..line.IndexOf(':', StringComparison.Ordinal)])};", StringComparison.Ordinal))
        || (line.StartsWith("extension ", StringComparison.Ordinal) && statement.Sql.Contains($"DROP EXTENSION {line[10..]};", StringComparison.Ordinal))))];

    /// <summary>An index that a step further on drops again, alone or with its table.</summary>
    private static bool IsInVain(string sql, List<string> later) => BuildIndex().Match(sql) is { Success: true } build
        && later.Exists(other => other.Contains($"\"{build.Groups["name"].Value}\"", StringComparison.Ordinal) && other.StartsWith("DROP INDEX", StringComparison.Ordinal));

    private static string Quoted(string path) => $"{path.Split('.')[0]}.\"{path.Split('.')[1]}\"";

    [GeneratedRegex("""^CREATE (UNIQUE )?INDEX CONCURRENTLY "?(?<name>\w+)"?""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BuildIndex();
}
