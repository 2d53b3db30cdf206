using System.Globalization;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// How a verb that did not come to an answer of its own ends: lines on standard error for people, with <c>--json</c> one object on
/// standard output as after every other end, and never a stack trace.
/// </summary>
internal static class CommandFailure
{
    public static async Task<int> TellAsync(int exitCode, IReadOnlyList<string> messages, bool asJson)
    {
        if (asJson)
        {
            await Console.Out.WriteLineAsync(new OperationReport(null, Word(exitCode)) { Messages = messages }.ToJson());
        }

        foreach (var message in messages)
        {
            await Console.Error.WriteLineAsync($"portal: {message}");
        }

        return exitCode;
    }

    /// <summary>Writes what developers need into a file that only its owner reads; a sentence that says where it is.</summary>
    public static async Task<string> KeepAsync(Exception bug)
    {
        var now = TimeProvider.System.GetUtcNow();
        var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"portal-failure-{now:yyyyMMdd-HHmmss}-{Environment.ProcessId}.txt"));
        try
        {
            await SecretFile.WriteAsync(path, bug.ToString(), CancellationToken.None);
            return $"The details are in {path}.";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The details could not be kept: {failure.Message}";
        }
    }

    private static string Word(int exitCode) => exitCode switch
    {
        ExitCodes.Usage => "usage",
        ExitCodes.Refused => "refused",
        ExitCodes.Interrupted => "stopped",
        _ => "failed",
    };
}
