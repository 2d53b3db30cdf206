namespace AdminPortal.Web.Hosting;

/// <summary>What a verb has to say: an object for programs, lines for people, and an exit code for both.</summary>
internal sealed record CommandAnswer(int ExitCode, OperationReport Report, IReadOnlyList<string> Lines)
{
    /// <summary>People read what went wrong on standard error.</summary>
    public async Task<int> WriteAsync(bool asJson)
    {
        if (asJson)
        {
            await Console.Out.WriteLineAsync(Report.ToJson());
            return ExitCode;
        }

        var writer = ExitCode == ExitCodes.Done ? Console.Out : Console.Error;
        foreach (var line in Lines)
        {
            await writer.WriteLineAsync(line);
        }

        return ExitCode;
    }
}
