using System.Text.RegularExpressions;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Says what taking migrations back would lose: rows of tables and values of columns that the way back drops.</summary>
public sealed partial class MigrationLosses(TargetAccess access, MigrationScripts scripts)
{
    /// <summary>A line per table and column that holds something; counted now, exactly.</summary>
    /// <param name="to">The id to keep as the newest; empty: take back all.</param>
    public async Task<IReadOnlyList<string>> ReadAsync(MigrationStatus.Known status, string to, CancellationToken cancellationToken)
    {
        var down = status.Migrations.Where(m => m.State == MigrationState.Applied && string.CompareOrdinal(m.Id, to) > 0)
            .Reverse().SelectMany(m => scripts.Find(m.Id)!.Down).Select(s => s.Sql).ToList();
        await using var connection = new NpgsqlConnection(access.Owner(status.Target).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        List<string> losses = [];
        var tables = down.SelectMany(sql => DropTable().Matches(sql)).Select(m => m.Groups["table"].Value).Distinct().ToList();
        foreach (var table in tables)
        {
            var rows = await CountAsync(connection, $"SELECT count(*) FROM {table}", cancellationToken);
            if (rows > 0)
            {
                losses.Add($"{rows:N0} rows of {Plain(table)}");
            }
        }

        foreach (var (table, column) in down.SelectMany(sql => DropColumn().Matches(sql)).Select(m => (m.Groups["table"].Value, m.Groups["column"].Value)).Distinct())
        {
            var values = tables.Contains(table) ? 0 : await CountAsync(connection, $"SELECT count({column}) FROM {table}", cancellationToken);
            if (values > 0)
            {
                losses.Add($"{values:N0} values of {Plain(table)}.{Plain(column)}");
            }
        }

        return losses;
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
