using System.Text.Json;
using System.Text.Json.Nodes;

namespace AdminPortal.Web.Hosting;

/// <summary>Answers of the verbs about accounts, devices, jobs and runs: with <c>--json</c> one object with result, messages and what was listed.</summary>
internal static class ThingsAnswer
{
    private const string Gap = "  ";

    /// <param name="name">What the list is called in the object.</param>
    /// <param name="columns">The heads of the columns, and of each thing its cells.</param>
    public static CommandAnswer Listed<T>(string name, IReadOnlyList<T> things, Func<T, object> reported, IReadOnlyList<(string Head, Func<T, string?> Cell)> columns)
    {
        var answer = new JsonObject
        {
            ["result"] = "listed",
            ["messages"] = new JsonArray(),
            [name] = JsonSerializer.SerializeToNode(things.Select(reported), OperationReport.Json),
        };
        return new CommandAnswer(ExitCodes.Done, new OperationReport(null, "listed"), Table(things, columns)) { Json = answer.ToJsonString(OperationReport.Json) };
    }

    public static CommandAnswer Done(string sentence) => new(ExitCodes.Done, new OperationReport(null, "done"), [sentence]);

    /// <summary>Nothing was changed.</summary>
    public static CommandAnswer Refused(string why) => new(ExitCodes.Refused, new OperationReport(null, "refused") { Messages = [why] }, []);

    public static string Time(DateTimeOffset? at) => at is { } time ? $"{time.UtcDateTime:yyyy-MM-dd HH:mm}" : "-";

    private static List<string> Table<T>(IReadOnlyList<T> things, IReadOnlyList<(string Head, Func<T, string?> Cell)> columns)
    {
        var rows = things.Select(thing => columns.Select(column => column.Cell(thing) is { Length: > 0 } cell ? cell : "-").ToArray()).Prepend([.. columns.Select(column => column.Head)]).ToList();
        var widths = columns.Select((_, at) => rows.Max(row => row[at].Length)).ToArray();
        return rows.ConvertAll(row => string.Join(Gap, row.Select((cell, at) => cell.PadRight(widths[at]))).TrimEnd());
    }
}
