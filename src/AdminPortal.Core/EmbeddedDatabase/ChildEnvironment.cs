using System.Diagnostics;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>
/// What a program that the portal starts is told of the portal's environment: where programs and temporary files are, nothing else. Passwords
/// and connection strings, which operators hand over in variables, are none of its business, and a server keeps them for as long as it runs.
/// </summary>
internal static class ChildEnvironment
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "NIX_LD", "NIX_LD_LIBRARY_PATH",
    };

    /// <summary>What a person's own terminal needs beside.</summary>
    private static readonly HashSet<string> OfTerminals = new(Kept, StringComparer.Ordinal)
    {
        "TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "PAGER", "LESS", "EDITOR", "VISUAL", "SHELL", "PSQL_EDITOR", "PSQL_HISTORY", "PSQL_PAGER", "PSQLRC",
    };

    public static void Clean(ProcessStartInfo start, bool terminal = false)
    {
        var kept = terminal ? OfTerminals : Kept;
        foreach (var name in start.Environment.Keys.Where(name => !kept.Contains(name)).ToList())
        {
            start.Environment.Remove(name);
        }
    }
}
