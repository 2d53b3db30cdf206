using System.Globalization;
using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>What is in a dump or in a database, beside rows, as PostgreSQL's own programs say it.</summary>
internal static class DumpFiles
{
    private static readonly string[] NoRows = ["--section=pre-data", "--section=post-data", "--verbose"];

    /// <summary>Of a file.</summary>
    public static async Task<IReadOnlyList<DumpEntry>> EntriesAsync(PostgresToolSet tools, StoredDump dump, CancellationToken cancellationToken) =>
        DumpEntry.Parse(await AskAsync("pg_restore", tools.PgRestore, [.. NoRows, "--file=-", .. dump.Arguments], connection: null, cancellationToken, dump.Input));

    /// <summary>Of a database, as a dump of it would have them.</summary>
    public static async Task<IReadOnlyList<DumpEntry>> EntriesAsync(PostgresToolSet tools, NpgsqlConnectionStringBuilder database, CancellationToken cancellationToken) =>
        DumpEntry.Parse(await AskAsync("pg_dump", tools.PgDump, [.. NoRows, "--no-password"], database, cancellationToken));

    /// <summary>For pg_restore's <c>--use-list</c>: the lines of everything but some entries.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(PostgresToolSet tools, StoredDump dump, IEnumerable<DumpEntry> without, CancellationToken cancellationToken)
    {
        var left = without.Select(entry => entry.Id?.ToString(CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);
        var lines = await AskAsync("pg_restore", tools.PgRestore, ["--list", .. dump.Arguments], connection: null, cancellationToken, dump.Input);
        return [.. lines.Split('\n').Where(line => !left.Contains(line.Split(';')[0]))];
    }

    private static async Task<string> AskAsync(
        string name, string program, string[] arguments, NpgsqlConnectionStringBuilder? connection, CancellationToken cancellationToken, Func<Stream, CancellationToken, Task>? input = null)
    {
        var text = "";
        var ended = await ToolProcess.RunAsync(program, arguments, connection, static _ => { }, async (stream, token) =>
        {
            using var reader = new StreamReader(stream);
            text = await reader.ReadToEndAsync(token);
        }, cancellationToken, input);
        return ended.ExitCode == 0 ? text : throw new RunFailedException(ToolWords.Describe(name, ended));
    }
}
