namespace AdminPortal.Web.Hosting;

/// <summary>A command cannot do what was asked. The message is the one line that the person at the terminal reads.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
