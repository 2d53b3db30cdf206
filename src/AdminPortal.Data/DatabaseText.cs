using System.Text.RegularExpressions;

namespace AdminPortal.Data;

/// <summary>Text as the database puts it in order, where that is not letter by letter.</summary>
public static partial class DatabaseText
{
    private const int Digits = 8;

    /// <summary>
    /// A version so that 1.10 comes after 1.9: every number has eight digits. In a query it becomes the expression of
    /// <c>devices_version_idx</c>, and must stay that.
    /// </summary>
    public static string VersionOrder(string version) => Number().Replace(version, number => number.Value.PadLeft(Digits, '0')[^Digits..]);

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
