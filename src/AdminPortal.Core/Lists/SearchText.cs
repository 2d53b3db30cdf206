namespace AdminPortal.Core.Lists;

/// <summary>What a person typed into a search field, as a pattern for ILIKE.</summary>
internal static class SearchText
{
    public const int MaximumLength = 200;

    /// <summary>To be passed to ILIKE: without it the provider switches escaping off.</summary>
    public const string Escape = @"\";

    /// <summary>Matches the text anywhere, taking <c>%</c>, <c>_</c> and <c>\</c> for themselves; null: nothing was typed.</summary>
    public static string? Pattern(string? text) => Whole(text) is { } whole ? $"%{whole}%" : null;

    /// <summary>Matches the whole text in any case.</summary>
    public static string? Whole(string? text) => Clean(text) is { } clean ? Escaped(clean) : null;

    /// <summary>Takes <c>%</c>, <c>_</c> and <c>\</c> for themselves.</summary>
    public static string Escaped(string text) => text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");

    /// <summary>What the database can take of it; null: nothing was typed.</summary>
    public static string? Clean(string? text)
    {
        var clean = text?.Replace("\0", "", StringComparison.Ordinal).Trim();
        if (string.IsNullOrEmpty(clean))
        {
            return null;
        }

        return clean.Length <= MaximumLength ? clean
            : clean[..(char.IsHighSurrogate(clean[MaximumLength - 1]) ? MaximumLength - 1 : MaximumLength)]; // the database takes no half characters
    }
}
