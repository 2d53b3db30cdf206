using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace AdminPortal.Core.Lists;

/// <summary>
/// A line of a CSV file (RFC 4180). Cells that a spreadsheet would run as a formula (they begin with = + - @, a tab or a
/// carriage return) get an apostrophe before them: names and reasons are strangers' text. So does what follows a semicolon, a tab or a
/// line's end: a spreadsheet of a country that writes 1,5 takes commas for text, quotes in the middle too, and begins a cell there.
/// </summary>
public static partial class CsvCells
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",;\t\r\n");

    public static string Line(params ReadOnlySpan<string?> cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            line.Append(i == 0 ? "" : ",").Append(Cell(cells[i]));
        }

        return line.Append("\r\n").ToString();
    }

    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var safe = FormulaInside().Replace(text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text, "$0'");
        return safe.AsSpan().IndexOfAny(Quoted) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [GeneratedRegex("""[;\t\r\n][" ]*(?=[=+\-@])""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormulaInside();
}
