namespace AdminPortal.Core.Verification;

/// <summary>What one check found, as it is stored, shown and written to JSON.</summary>
/// <param name="Id">Never changes, such as <c>indexes</c>.</param>
/// <param name="Title">A sentence that is true when the check has passed.</param>
/// <param name="Severity">Of its worst finding; of the check when it found nothing.</param>
/// <param name="Passed">True when it found nothing but what is worth knowing.</param>
public sealed record CheckResult(
    string Id, string Title, CheckSeverity Severity, bool Passed, string Expected, string Actual, string? Remedy, double Milliseconds, IReadOnlyList<Finding> Findings)
{
    private const int Named = 5;

    internal static CheckResult From(string id, string title, CheckSeverity severity, string expected, IReadOnlyList<Finding> findings, TimeSpan took)
    {
        var sorted = findings.OrderByDescending(f => f.Severity).ToList();
        var worst = sorted.Count == 0 ? severity : sorted[0].Severity;
        var passed = sorted.Count == 0 || worst == CheckSeverity.Info;
        return sorted switch
        {
            [] => new CheckResult(id, title, severity, true, expected, "As expected.", null, took.TotalMilliseconds, sorted),
            [var one] => new CheckResult(id, title, worst, passed, one.Expected, one.Actual, one.Remedy, took.TotalMilliseconds, sorted),
            _ => new CheckResult(id, title, worst, passed, expected, Summary(sorted), sorted[0].Remedy, took.TotalMilliseconds, sorted),
        };
    }

    private static string Summary(List<Finding> findings)
    {
        var names = string.Join(", ", findings.Take(Named).Select(f => f.Subject));
        return $"{findings.Count} differ: {names}{(findings.Count > Named ? $" and {findings.Count - Named} more" : "")}.";
    }
}
