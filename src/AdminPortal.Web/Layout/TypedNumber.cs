using System.Globalization;

namespace AdminPortal.Web.Layout;

/// <summary>A number that is typed to confirm an act on many.</summary>
internal static class TypedNumber
{
    /// <summary>As people type it: 1240, 1,240, 1 240 or 1.240; null for anything else.</summary>
    public static int? Parse(string? typed) =>
        (typed ?? "").All(c => char.IsAsciiDigit(c) || " ,.'".Contains(c, StringComparison.Ordinal))
        && int.TryParse(string.Concat((typed ?? "").Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture, out var number) ? number : null;
}
