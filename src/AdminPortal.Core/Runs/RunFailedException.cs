namespace AdminPortal.Core.Runs;

/// <summary>A run cannot reach its end. The message is for people: what happened, and what was changed before.</summary>
public sealed class RunFailedException(string message, Exception? inner = null) : Exception(message, inner);
