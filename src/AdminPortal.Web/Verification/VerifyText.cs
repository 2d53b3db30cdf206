using System.Text;
using AdminPortal.Core.Verification;

namespace AdminPortal.Web.Verification;

/// <summary>A verification as people read it on a terminal: what is wrong first, one line for each check that passed.</summary>
internal static class VerifyText
{
    public static string Write(VerificationResult result)
    {
        var text = new StringBuilder();
        foreach (var check in result.WorstFirst)
        {
            text.AppendLine($"{(check.Passed ? "ok     " : check.Severity == CheckSeverity.Error ? "ERROR  " : "warning")} {check.Title} ({check.Milliseconds:0} ms)");
            foreach (var finding in check.Passed ? [] : check.Findings)
            {
                text.AppendLine($"          {finding.Subject}").AppendLine($"            expected  {finding.Expected}").AppendLine($"            actual    {finding.Actual}")
                    .AppendLine($"            remedy    {finding.Remedy}");
            }
        }

        var verdict = VerificationWords.Verdict(result.Answered, result.Errors, result.Warnings);
        return text.AppendLine().AppendLine($"{result.Target}: {verdict}{(result.WithData ? "." : " (catalogue and API only; --data reads the tables too).")}").ToString();
    }
}
