using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AdminPortal.Core.Mail;

/// <summary>
/// Makes text that a device or a person typed safe for mail: no invisible or direction-changing characters, and nothing that a mail program
/// turns into a link of its own.
/// </summary>
public static partial class Defang
{
    public static string Text(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                visible.Append(' ');
            }
            else if (category is not UnicodeCategory.Format)
            {
                visible.Append(rune.ToString());
            }
        }

        return HostName().Replace(visible.ToString().Replace("://", "[://]", StringComparison.Ordinal), match => match.Value.Replace(".", "[.]", StringComparison.Ordinal)).Trim();
    }

    [GeneratedRegex(@"[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
