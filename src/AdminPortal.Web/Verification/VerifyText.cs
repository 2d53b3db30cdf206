using AdminPortal.Core.Verification;

namespace AdminPortal.Web.Verification;

/// <summary>A verification as people read it on a terminal: what is wrong first, one line for each check that passed.</summary>
internal static class VerifyText
{
    public static string Write(VerificationResult result)
    {
        var lines = new List<string>();
        foreach (var check in result.WorstFirst)
        {
            lines.Add($"{(check.Passed ? "ok     " : check.Severity == CheckSeverity.Error ? "ERROR  " : "warning")} {check.Title} ({check.Milliseconds:0} ms)");
            foreach (var finding in check.Passed ? [] : check.Findings)
            {
                lines.AddRange([$"          {finding.Subject}", $"            expected  {finding.Expected}", $"            actual    {finding.Actual}", $"            remedy    {finding.Remedy}"]);
            }
        }

        var verdict = VerificationWords.Verdict(result.Answered, result.Errors, result.Warnings);
        lines.AddRange(["", $"{result.Target}: {verdict}{(result.WithData ? "." : " (catalogue and API only; --data reads the tables too).")}", ""]);
        return string.Join('\n', lines);
    }
}
