using System.Globalization;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>One installation of PostgreSQL's server programs: <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> in one folder.</summary>
/// <param name="Folder">The folder with the programs, symbolic links resolved.</param>
/// <param name="MajorVersion">15 for PostgreSQL 15.4.</param>
public sealed record PostgresBinaries(string Folder, int MajorVersion)
{
    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>The installation to use, or null: the newest one, or the one of <paramref name="majorVersion"/> that existing data needs.</summary>
    public static async Task<PostgresBinaries?> FindAsync(int? majorVersion = null, CancellationToken cancellationToken = default)
    {
        PostgresBinaries? best = null;
        foreach (var folder in CandidateFolders())
        {
            var found = new PostgresBinaries(folder, await ReadMajorVersionAsync(folder, cancellationToken));
            if (majorVersion is null || majorVersion == found.MajorVersion)
                best = best is null || found.MajorVersion > best.MajorVersion ? found : best;
        }

        return best;
    }

    private static IEnumerable<string> CandidateFolders()
    {
        const string debian = "/usr/lib/postgresql";
        var fromPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var fromDebian = Directory.Exists(debian) ? Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin")) : [];
        return fromPath.Concat(fromDebian).Select(Resolve).OfType<string>().Distinct();
    }

    /// <summary>Follows a link such as /usr/local/bin/pg_ctl to the real folder, because initdb looks for postgres beside itself.</summary>
    private static string? Resolve(string folder)
    {
        var pgCtl = new FileInfo(Path.Combine(folder, "pg_ctl"));
        if (!pgCtl.Exists)
            return null;
        var real = Path.GetDirectoryName(pgCtl.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? pgCtl.FullName)!;
        return Needed.All(name => File.Exists(Path.Combine(real, name))) ? real : null;
    }

    private static async Task<int> ReadMajorVersionAsync(string folder, CancellationToken cancellationToken)
    {
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        var result = await ServerCommand.RunAsync(Path.Combine(folder, "postgres"), ["--version"], runAs: null, workingDirectory: "/", cancellationToken);
        var digits = result.Output.Split(") ", 2).ElementAtOrDefault(1)?.TakeWhile(char.IsAsciiDigit).ToArray();
        return int.TryParse(digits, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }
}
