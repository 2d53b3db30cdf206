using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Lists;

/// <summary>
/// What was typed into a search field, word by word, folded by the database's own <c>portal.search_fold</c>: without case, accents
/// and titles. Every word has to be found, in any order.
/// </summary>
internal sealed class SearchWords
{
    /// <summary>What is typed beyond them is not looked for.</summary>
    public const int Most = 6;

    private static readonly HashSet<string> Titles = new(StringComparer.Ordinal)
    {
        "frau", "herr", "dr", "prof", "professor", "mr", "mrs", "ms", "mx", "miss", "mme", "mlle", "madame", "monsieur", "senor", "senora", "senorita", "sra", "signor", "signora", "bayan", "hanim",
    };

    private SearchWords(IReadOnlyList<string> all) => All = all;

    /// <summary>Folded, without a title unless there is nothing else; empty: what was typed has neither letters nor digits, and is found nowhere.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Null: nothing was typed.</summary>
    public static async Task<SearchWords?> ReadAsync(DeviceDbContext db, string? text, CancellationToken cancellationToken)
    {
        if (SearchText.Clean(text) is not { } clean)
        {
            return null;
        }

        var typed = clean.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var folded = await db.Database.SqlQuery<string>($"SELECT btrim(portal.search_fold(w)) AS \"Value\" FROM unnest({typed}) WITH ORDINALITY AS t(w, place) ORDER BY place")
            .ToListAsync(cancellationToken);
        var words = folded.Where(w => w.Any(char.IsLetterOrDigit)).Distinct(StringComparer.Ordinal).ToList();
        var named = words.Where(w => !w.Split(' ').All(Titles.Contains)).ToList();
        return new SearchWords([.. (named.Count > 0 ? named : words).Take(Most)]);
    }

    /// <summary>
    /// For LIKE on a folded text. Three letters or digits in a row have trigrams and are found anywhere; shorter words are found where a
    /// word begins, which has trigrams too. Signs of Chinese and Japanese are words of their own after folding.
    /// </summary>
    public static string Pattern(string word)
    {
        var escaped = SearchText.Escaped(word);
        return HasTrigrams(word) ? $"%{escaped}%" : $"% {escaped}%";
    }

    private static bool HasTrigrams(string word)
    {
        var run = 0;
        foreach (var character in word)
        {
            run = char.IsLetterOrDigit(character) ? run + 1 : 0;
            if (run == 3)
            {
                return true;
            }
        }

        return false;
    }
}
