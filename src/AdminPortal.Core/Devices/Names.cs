using System.Globalization;
using System.Text;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Rules for names that people and devices give. Characters that turn the direction of text, or that nobody sees, are taken out; a name
/// of which nothing is visible is none. At most 80 characters as people count them.
/// </summary>
internal static class Names
{
    public const int MaximumLength = 80;

    /// <summary>Of one visible character: marks can be piled up without end.</summary>
    private const int UnitsPerCharacter = 16;

    /// <summary>The sentence that says what is wrong with a name that a person gave, or null.</summary>
    /// <param name="field">What the person or program calls it.</param>
    public static string? Check(string? name, string field) => Clean(name) switch
    {
        { } clean when IsTooLong(clean) => $"{field} has at most {MaximumLength} characters.",
        { } clean when clean.EnumerateRunes().Any(IsControl) => $"{field} has no control characters, such as tabs or line breaks.",
        _ => null,
    };

    /// <summary>Trimmed, without what is not seen; null when nothing visible is left. Line breaks stay: reasons may have them.</summary>
    public static string? Clean(string? name)
    {
        var clean = new StringBuilder();
        foreach (var rune in (name ?? "").EnumerateRunes().Where(rune => !IsHidden(rune)))
        {
            clean.Append(rune);
        }

        return clean.ToString().Trim() is var text && text.EnumerateRunes().Any(IsVisible) ? text : null;
    }

    /// <summary>What a device says of itself: made to fit instead of refused, because nobody there could say it otherwise.</summary>
    public static string? Fit(string? claimed)
    {
        if (Clean(claimed) is not { } clean)
        {
            return null;
        }

        var fit = new StringBuilder();
        var characters = StringInfo.GetTextElementEnumerator(string.Concat(clean.EnumerateRunes().Select(rune => IsControl(rune) ? " " : rune.ToString())));
        for (var count = 0; count < MaximumLength && characters.MoveNext(); count++)
        {
            var character = characters.GetTextElement();
            fit.Append(character.Length <= UnitsPerCharacter ? character : character.EnumerateRunes().First().ToString());
        }

        return fit.ToString().Trim();
    }

    private static bool IsTooLong(string clean) =>
        clean.Length > MaximumLength && (clean.Length > MaximumLength * UnitsPerCharacter || new StringInfo(clean).LengthInTextElements > MaximumLength);

    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Controls of direction, zero width and the like; not the joiners within emoji and scripts, nor the tags of flags.</summary>
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D) and not (>= 0xE0020 and <= 0xE007F);

    private static bool IsVisible(Rune rune) =>
        (Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune) || Rune.IsPunctuation(rune) || Rune.IsNumber(rune)) && !IsBlank(rune);

    /// <summary>Letters and signs by their category that are drawn as nothing.</summary>
    private static bool IsBlank(Rune rune) => rune.Value is 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0;
}
