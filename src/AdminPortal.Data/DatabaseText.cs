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

    /// <summary>
    /// For use inside queries only: a text without case, accents and forms of Unicode, as <c>users_words_idx</c> and
    /// <c>device_pairings_words_idx</c> hold it. It begins with a space, and signs that part words are spaces.
    /// </summary>
    public static string SearchFold(string words) => throw new InvalidOperationException("Only the database can answer this.");

    /// <summary>For use inside queries only: true when a word of a folded text shares most of its trigrams with <paramref name="word"/>.</summary>
    public static bool SearchNear(string words, string word) => throw new InvalidOperationException("Only the database can answer this.");

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
