using System.Diagnostics;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>
/// Everything that a database holds, to be compared before and after an act: each statement of <c>pg_dump -s</c>, which names owners and
/// grants too, and of each table the number of its rows and a sum over what stands in them.
/// </summary>
internal sealed class HostSnapshot
{
    private readonly HashSet<string> _statements;
    private readonly Dictionary<string, string> _rows;

    private HostSnapshot(HashSet<string> statements, Dictionary<string, string> rows) => (_statements, _rows) = (statements, rows);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="connectionString">The owner's.</param>
    public static async Task<HostSnapshot> TakeAsync(string connectionString) => new(await DumpAsync(connectionString), await RowsAsync(connectionString));

    /// <summary>What the portal keeps in schemas of its own is left out. Fails with every other difference that does not contain one of <paramref name="listed"/>.</summary>
    public void AssertOnly(HostSnapshot after, params string[] listed)
    {
        List<string> differences =
        [
            .. _statements.Except(after._statements).Select(statement => $"gone: {statement}"),
            .. after._statements.Except(_statements).Select(statement => $"new:  {statement}"),
            .. _rows.Where(table => after._rows.GetValueOrDefault(table.Key) is { } rows && rows != table.Value).Select(table => $"rows of {table.Key}: {table.Value}, then {after._rows[table.Key]}"),
        ];
        var unlisted = differences.Where(difference => !IsThePortals(difference) && !listed.Any(part => difference.Contains(part, StringComparison.Ordinal))).ToList();
        Assert.True(unlisted.Count == 0, string.Join('\n', ["The host differs in more than what is listed.", .. unlisted]));
    }

    private static bool IsThePortals(string difference) => new[] { " portal.", " sync.", "SCHEMA portal", "SCHEMA sync", "ON EXTENSION pg_trgm" }.Any(part => difference.Contains(part, StringComparison.Ordinal));

    private static async Task<HashSet<string>> DumpAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo("pg_dump", ["-s", "-h", settings.Host!, "-p", $"{settings.Port}", "-U", settings.Username!, "-d", settings.Database!]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PGPASSWORD"] = settings.Password;
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        // A setting stands right after the statement before it: it is one of its own.
        var lines = text.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith('\\'))
            .Select(line => line.StartsWith("SET default_", StringComparison.Ordinal) ? $"\n\n{line}\n\n" : line);
        return [.. string.Join('\n', lines).Split("\n\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task<Dictionary<string, string>> RowsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        var tables = await Core.Migrations.TargetHistory.ListAsync(
            connection,
            """
            SELECT format('%I.%I', schemaname, tablename), (SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns c
                WHERE c.table_schema = schemaname AND c.table_name = tablename AND column_name NOT IN ('clientId', 'lastSyncedAt'))
            FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'portal', 'sync')
            """, r => (Table: r.GetString(0), Columns: r.GetString(1)), Token);
        var rows = new Dictionary<string, string>();
        foreach (var (table, columns) in tables)
        {
            await using var command = new NpgsqlCommand($"SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM (SELECT {columns} FROM {table}) t", connection);
            rows[table] = (string)(await command.ExecuteScalarAsync(Token))!;
        }

        return rows;
    }
}
