using System.Text.Json;
using AdminPortal.Core.Verification;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Verification;

/// <summary>
/// A verification as scripts read it; <c>docs/verification.md</c> describes it. It has the same top-level names as the answers of
/// <c>portal migrate</c>, so that one program reads both: <c>applied</c>, <c>pending</c> and <c>failed</c> are ids of migrations.
/// </summary>
internal static class VerifyJson
{
    public static string Write(VerificationResult result) => JsonSerializer.Serialize(
        new
        {
            result.Target,
            Result = result.Passed ? "passed" : "failed",
            result.Identity,
            result.RunId,
            result.StartedAt,
            result.FinishedAt,
            result.WithData,
            result.MigratedTo,
            result.Errors,
            result.Warnings,
            Applied = Array.Empty<string>(),
            result.Pending,
            Failed = Array.Empty<string>(),
            Steps = Array.Empty<string>(),
            Checks = result.Checks.Select(c => new
            {
                c.Id,
                c.Title,
                Severity = Word(c.Severity),
                c.Passed,
                c.Expected,
                c.Actual,
                c.Remedy,
                Milliseconds = Math.Round(c.Milliseconds, 1),
                Findings = c.Findings.Select(f => new { f.Subject, Severity = Word(f.Severity), f.Expected, f.Actual, f.Remedy, Fix = f.Fix?.Sql }),
            }),
            result.Sizes,
        }, OperationReport.Json) + "\n";

    private static string Word(CheckSeverity severity) => severity.ToString().ToLowerInvariant();
}
