namespace AdminPortal.Core.Migrations;

/// <summary>How much a finding weighs: an error stops a deployment.</summary>
public enum Severity
{
    Info,
    Warning,
    Error,
}

/// <summary>What a statement does to a database that is in use.</summary>
/// <param name="Rule">Its name, such as <c>index-not-concurrent</c>.</param>
/// <param name="Remedy">What to do instead.</param>
public sealed record MigrationLint(string Rule, Severity Severity, string Message, string? Remedy = null);
