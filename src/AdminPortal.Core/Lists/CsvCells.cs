using System.Text;

namespace AdminPortal.Core.Lists;

/// <summary>
/// A line of a CSV file (RFC 4180). Cells that a spreadsheet would run as a formula (they begin with = + - @, a tab or a
/// carriage return) get an apostrophe before them: names and reasons are strangers' text.
/// </summary>
public static class CsvCells
{
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

        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
