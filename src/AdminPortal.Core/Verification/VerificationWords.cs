namespace AdminPortal.Core.Verification;

/// <summary>Verifications in people's words.</summary>
public static class VerificationWords
{
    /// <summary>Such as “Passed, with 2 warnings” or “3 errors, 1 warning”.</summary>
    public static string Verdict(bool answered, int errors, int warnings) => (answered, errors, warnings) switch
    {
        (false, _, _) => "The database does not answer",
        (_, 0, 0) => "Passed",
        (_, 0, _) => $"Passed, with {Count(warnings, "warning")}",
        (_, _, 0) => Count(errors, "error"),
        _ => $"{Count(errors, "error")}, {Count(warnings, "warning")}",
    };

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
