using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>One installation of PostgreSQL's client programs.</summary>
/// <param name="Folder">Where pg_dump and pg_restore lie, symbolic links resolved.</param>
/// <param name="Version">As pg_dump says it: <c>15.18</c>.</param>
public sealed record PostgresToolSet(string Folder, string Version)
{
    public string PgDump => Path.Combine(Folder, "pg_dump");

    public string PgRestore => Path.Combine(Folder, "pg_restore");

    /// <summary>15 for 15.18; 0 when pg_dump's answer is not understood.</summary>
    public int MajorVersion => MajorOf(Version);

    internal static int MajorOf(string version) =>
        int.TryParse(string.Concat(version.TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture, out var major) ? major : 0;
}

/// <summary>What came of looking for tools.</summary>
public abstract record FindToolsOutcome
{
    private FindToolsOutcome()
    {
    }

    public sealed record Found(PostgresToolSet Tools) : FindToolsOutcome;

    /// <summary>None fits; the message says what was found, and what to do.</summary>
    public sealed record Missing(string Message) : FindToolsOutcome;
}

/// <summary>
/// Finds pg_dump and pg_restore. pg_dump refuses a server that is newer than itself, and a newer pg_restore sends settings
/// that an older server does not know: so the oldest installation that is not older than the server is taken.
/// </summary>
public sealed class PostgresTools(IOptions<BackupOptions> options)
{
    private const string Debian = "/usr/lib/postgresql";
    private static readonly string[] Needed = ["pg_dump", "pg_restore"];

    /// <param name="major">The server's, or of the program that wrote a backup, whichever is newer.</param>
    public async Task<FindToolsOutcome> FindAsync(int major, CancellationToken cancellationToken)
    {
        var found = await AllAsync(cancellationToken);
        if (found.Where(tools => tools.MajorVersion >= major).MinBy(tools => tools.MajorVersion) is { } best)
        {
            return new FindToolsOutcome.Found(best);
        }

        var where = options.Value.ToolsFolder is { Length: > 0 } folder ? $"in {folder} (Backups:ToolsFolder)" : "in PATH or /usr/lib/postgresql/*/bin";
        var seen = found.Count == 0
            ? $"No pg_dump and pg_restore were found {where}."
            : $"pg_dump {major} or newer is needed for this server, and {where} there is only {string.Join(", ", found.Select(tools => tools.Version))}.";
        return new FindToolsOutcome.Missing($"{seen} Install postgresql-client-{major}, or name a folder with Backups__ToolsFolder.");
    }

    /// <summary>Every installation on this machine that answers.</summary>
    private async Task<List<PostgresToolSet>> AllAsync(CancellationToken cancellationToken)
    {
        List<PostgresToolSet> found = [];
        foreach (var folder in CandidateFolders())
        {
            if (await ReadVersionAsync(folder, cancellationToken) is { } version)
            {
                found.Add(new PostgresToolSet(folder, version));
            }
        }

        return found;
    }

    private IEnumerable<string> CandidateFolders()
    {
        if (options.Value.ToolsFolder is { Length: > 0 } only)
        {
            return Resolve(only) is { } folder ? [folder] : [];
        }

        var fromPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var fromDebian = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).Select(version => Path.Combine(version, "bin")) : [];
        return fromPath.Concat(fromDebian).Select(Resolve).OfType<string>().Distinct();
    }

    /// <summary>Follows links to the real folder. Debian's /usr/bin/pg_dump is a wrapper that picks a version by itself: not that one.</summary>
    private static string? Resolve(string folder)
    {
        var dump = new FileInfo(Path.Combine(folder, "pg_dump"));
        if (!dump.Exists)
        {
            return null;
        }

        var target = dump.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? dump.FullName;
        var real = Path.GetDirectoryName(target)!;
        return Path.GetFileName(target) == "pg_dump" && Needed.All(name => File.Exists(Path.Combine(real, name))) ? real : null;
    }

    /// <summary>From <c>pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)</c>; null when it does not answer so.</summary>
    private static async Task<string?> ReadVersionAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var (exitCode, output) = await ToolProcess.AskAsync(Path.Combine(folder, "pg_dump"), ["--version"], cancellationToken);
            var version = output.Split(") ", 2).ElementAtOrDefault(1)?.Split([' ', '\n'], 2)[0];
            return exitCode == 0 && version is not null && PostgresToolSet.MajorOf(version) > 0 ? version : null;
        }
        catch (Win32Exception)
        {
            return null; // not a program, or none that this user may start
        }
    }
}
