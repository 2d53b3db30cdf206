namespace AdminPortal.Web.Hosting;

/// <summary>What a verb has to say: an object for programs, lines for people, and an exit code for both.</summary>
internal sealed record CommandAnswer(int ExitCode, OperationReport Report, IReadOnlyList<string> Lines)
{
    /// <summary>The same object as text; a verb with more to say about it writes its own.</summary>
    public string? Json { get; init; }

    /// <summary>What people read of the report's messages goes to standard error.</summary>
    public async Task<int> WriteAsync(bool asJson)
    {
        if (asJson)
        {
            await Console.Out.WriteLineAsync(Json ?? Report.ToJson());
            return ExitCode;
        }

        foreach (var line in Lines)
        {
            await Console.Out.WriteLineAsync(line);
        }

        foreach (var message in Report.Messages)
        {
            await Console.Error.WriteLineAsync($"portal: {(Report.Target is null ? "" : $"{Report.Target}: ")}{message}");
        }

        return ExitCode;
    }
}
