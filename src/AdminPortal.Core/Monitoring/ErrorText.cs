using System.Text.RegularExpressions;

namespace AdminPortal.Core.Monitoring;

/// <summary>
/// Takes out of a line of the log what could be a secret or tell of a person, for people who may see that something failed and no more.
/// Rather too much than too little: the log itself has the rest.
/// </summary>
internal static partial class ErrorText
{
    private const int Longest = 500;
    private const string Hidden = "…";

    public static string Redact(string text)
    {
        var cut = text.Length <= Longest * 4 ? text : text[..(Longest * 4)];
        var line = NamedSecret().Replace(cut, "${name}" + Hidden);
        line = QueryOfAddress().Replace(line, $"?{Hidden}");
        line = Mail().Replace(line, Hidden);
        line = LongRun().Replace(line, found => found.Value.Any(char.IsDigit) ? Hidden : found.Value);
        line = Blank().Replace(line, " ").Trim();
        return line.Length <= Longest ? line : line[..Longest] + Hidden;
    }

    /// <summary><c>Password=…</c> of a connection string, <c>token: …</c>, <c>Bearer …</c>.</summary>
    [GeneratedRegex("""(?<name>(\b(password|pwd|passwd|secret|token|key|code|authorization|cookie)\b["']?\s*[=:]\s*["']?(bearer\s+)?)|\bbearer\s+)[^\s"';,&]+""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedSecret();

    [GeneratedRegex("""\?[^\s"'?]*=[^\s"']*""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QueryOfAddress();

    [GeneratedRegex("""[^\s@"'<>(]+@[^\s@"'<>)]+""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mail();

    /// <summary>Hashes, tokens and ids: runs that no word is as long as, with a digit in them.</summary>
    [GeneratedRegex("""[A-Za-z0-9+/_-]{20,}={0,2}""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongRun();

    [GeneratedRegex("""[\s\p{Cc}]+""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blank();
}
