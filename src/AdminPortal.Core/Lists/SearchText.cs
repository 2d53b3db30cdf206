namespace AdminPortal.Core.Lists;

/// <summary>What a person typed into a search field, as a pattern for ILIKE.</summary>
internal static class SearchText
{
    public const int MaximumLength = 200;

    /// <summary>To be passed to ILIKE: without it the provider switches escaping off.</summary>
    public const string Escape = @"\";

    /// <summary>Matches the text anywhere, taking <c>%</c>, <c>_</c> and <c>\</c> for themselves; null: nothing was typed.</summary>
    public static string? Pattern(string? text) => Whole(text) is { } whole ? $"%{whole}%" : null;

    /// <summary>
    /// For a large table, where only a text with three letters or digits in a row can be looked up by its parts; a shorter
    /// one matches beginnings, and one without any nothing. Null: nothing can match, or nothing was typed.
    /// </summary>
    public static string? IndexedPattern(string? text)
    {
        var run = 0;
        foreach (var character in Whole(text) ?? "")
        {
            run = char.IsLetterOrDigit(character) ? run + 1 : 0;
            if (run == 3)
            {
                return Pattern(text);
            }
        }

        return Whole(text) is { } whole && whole.Any(char.IsLetterOrDigit) ? $"{whole}%" : null;
    }

    /// <summary>Matches the whole text in any case.</summary>
    public static string? Whole(string? text)
    {
        var clean = text?.Replace("\0", "", StringComparison.Ordinal).Trim();
        if (string.IsNullOrEmpty(clean))
        {
            return null;
        }

        clean = clean.Length <= MaximumLength ? clean
            : clean[..(char.IsHighSurrogate(clean[MaximumLength - 1]) ? MaximumLength - 1 : MaximumLength)]; // the database takes no half characters
        return clean.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");
    }
}
