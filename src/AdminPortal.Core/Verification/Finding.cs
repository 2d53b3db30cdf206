namespace AdminPortal.Core.Verification;

/// <summary>How much a finding matters. Only errors make a verification fail.</summary>
public enum CheckSeverity
{
    /// <summary>Worth knowing; a check with nothing else has passed.</summary>
    Info,
    Warning,
    Error,
}

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Subject">The object, such as <c>public.tasks.clientId</c>.</param>
/// <param name="Remedy">What to do, in words.</param>
/// <param name="Fix">Null: nothing that can be done safely by a button.</param>
public sealed record Finding(CheckSeverity Severity, string Subject, string Expected, string Actual, string Remedy, SafeFix? Fix = null);
