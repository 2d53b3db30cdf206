namespace AdminPortal.Core.Verification;

/// <summary>What all checks found on one target at one time. Times in UTC.</summary>
/// <param name="Identity">Which database it was; null: it did not answer.</param>
/// <param name="Passed">True when no check of severity error failed.</param>
/// <param name="Errors">Failed checks of severity error.</param>
/// <param name="MigratedTo">The newest migration in the target's history.</param>
/// <param name="Pending">Migrations of this build that the target lacks.</param>
public sealed record VerificationResult(
    string Id, string Target, string? Identity, string? RunId, string? ActorName, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, bool Passed, int Errors, int Warnings,
    bool WithData, string? MigratedTo, IReadOnlyList<string> Pending, IReadOnlyList<CheckResult> Checks, SizeReport? Sizes)
{
    /// <summary>Failed first, the worst on top; then those that are worth a look; then what is as expected.</summary>
    public IEnumerable<CheckResult> WorstFirst => Checks.OrderBy(c => c.Passed).ThenByDescending(c => c.Passed ? CheckSeverity.Info : c.Severity).ThenBy(c => c.Findings.Count == 0);

    public bool Answered => Identity is not null;
}

/// <summary>A verification without its checks, for lists and gates. Times in UTC.</summary>
public sealed record VerificationSummary(
    string Id, string Target, string? Identity, string? RunId, string? ActorName, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, bool Passed, int Errors, int Warnings,
    bool WithData, string? MigratedTo);
