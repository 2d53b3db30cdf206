namespace AdminPortal.Web.Hosting;

/// <summary>A command cannot do what was asked. The message is the one line that the person at the terminal reads.</summary>
internal sealed class CommandFailedException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    public int ExitCode => exitCode;
}
