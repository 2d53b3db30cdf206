namespace AdminPortal.Core.Verification;

/// <summary>What one verification found that the one before it had not, and the other way round.</summary>
/// <param name="New">Findings as <c>check: subject</c>.</param>
public sealed record VerificationChange(IReadOnlyList<string> New, IReadOnlyList<string> Gone)
{
    public bool IsNothing => New.Count == 0 && Gone.Count == 0;

    /// <summary>Only checks that both made are compared: one without data says nothing about data.</summary>
    public static VerificationChange Between(VerificationResult older, VerificationResult newer)
    {
        var both = older.Checks.Select(c => c.Id).Intersect(newer.Checks.Select(c => c.Id)).ToHashSet(StringComparer.Ordinal);
        var (before, after) = (Problems(older, both), Problems(newer, both));
        return new VerificationChange([.. after.Except(before)], [.. before.Except(after)]);
    }

    private static List<string> Problems(VerificationResult result, HashSet<string> checks) =>
        [.. result.Checks.Where(c => checks.Contains(c.Id)).SelectMany(c => c.Findings.Where(f => f.Severity > CheckSeverity.Info).Select(f => f.Subject)).Distinct()];
}
