using System.Text.RegularExpressions;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What a roll-back would do.</summary>
/// <param name="Undone">What the portal made, in the order in which it is taken back, each with its way down on this database.</param>
/// <param name="Left">What the portal did not make: it only leaves the history.</param>
/// <param name="Obstacles">What of the host's stands in the way; empty: it can be done.</param>
/// <param name="Losses">A line per table and column that holds something; counted now, exactly.</param>
public sealed record RollBackPreview(IReadOnlyList<MigrationScript> Undone, IReadOnlyList<string> Left, IReadOnlyList<string> Obstacles, IReadOnlyList<string> Losses);

/// <summary>Says what taking migrations back would do, and what it would lose: rows of tables and values of columns that the way back drops.</summary>
public sealed partial class MigrationLosses(TargetAccess access, HostMappings mappings)
{
    /// <summary>What is not there, such as the way back of a migration would make it first, loses nothing; nor does what the portal did not make.</summary>
    /// <param name="to">The id to keep as the newest; empty: take back all.</param>
    public async Task<RollBackPreview> ReadAsync(MigrationStatus.Known status, string to, CancellationToken cancellationToken)
    {
        await using var connection = await TargetConnection.OpenAsync(access.Owner(status.Target).ConnectionString, cancellationToken);
        var set = await mappings.SetAsync(status.Target, cancellationToken);
        var plan = await RollBackPlan.ReadAsync(connection, set, set.Back(status, to), cancellationToken);
        return new RollBackPreview(
            [.. plan.Steps.Where(s => s.IsUndone).Select(s => s.Script with { Down = s.Statements })], [.. plan.Steps.Where(s => !s.IsUndone).Select(s => s.Script.Name)], plan.Obstacles,
            await OfAsync(connection, plan, cancellationToken));
    }

    internal static async Task<IReadOnlyList<string>> OfAsync(NpgsqlConnection connection, RollBackPlan plan, CancellationToken cancellationToken)
    {
        var down = plan.Statements.Select(s => s.Sql).ToList();
        List<string> losses = [];
        var tables = down.SelectMany(sql => DropTable().Matches(sql)).Select(m => m.Groups["table"].Value).Distinct().ToList();
        foreach (var table in tables)
        {
            if (!await ExistsAsync(connection, "SELECT to_regclass($1) IS NOT NULL", cancellationToken, table))
            {
                continue;
            }

            var rows = await CountAsync(connection, $"SELECT count(*) FROM {table}", cancellationToken);
            if (rows > 0)
            {
                losses.Add($"{rows:N0} rows of {Plain(table)}");
            }
        }

        foreach (var (table, column) in down.SelectMany(sql => DropColumn().Matches(sql)).Select(m => (m.Groups["table"].Value, m.Groups["column"].Value)).Distinct())
        {
            var isThere = !tables.Contains(table) && await ExistsAsync(
                connection, "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped)", cancellationToken, table, Plain(column));
            var values = !isThere ? 0 : await CountAsync(connection, $"SELECT count({column}) FROM {table}", cancellationToken);
            if (values > 0)
            {
                losses.Add($"{values:N0} values of {Plain(table)}.{Plain(column)}");
            }
        }

        return losses;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params string[] names)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var name in names)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = name });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        (await TargetHistory.ListAsync(connection, sql, r => r.GetInt64(0), cancellationToken))[0];

    private static string Plain(string name) => name.Replace("\"", "", StringComparison.Ordinal);

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex("""DROP TABLE (IF EXISTS )?(?<table>[\w".]+)""", Options, 1000)]
    private static partial Regex DropTable();

    [GeneratedRegex("""ALTER TABLE (?<table>[\w".]+) DROP COLUMN (IF EXISTS )?(?<column>[\w"]+)""", Options, 1000)]
    private static partial Regex DropColumn();
}
