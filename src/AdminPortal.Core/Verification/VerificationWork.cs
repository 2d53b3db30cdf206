using System.Text.Json;
using AdminPortal.Core.Runs;

namespace AdminPortal.Core.Verification;

/// <summary>Verifies a target as a run, so that it goes on when the tab is closed. Begun again after a death, it simply looks again.</summary>
internal sealed class VerificationWork(Verifications verifications) : IRunWork
{
    public IReadOnlyCollection<string> Kinds => [VerificationRuns.Verify];

    public async Task WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        var scope = JsonSerializer.Deserialize<VerificationScope>(run.Parameters)!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Stopping);
        using var step = run.Journal.Begin(scope.WithData ? "Verify catalogue, API and data" : "Verify catalogue and API");
        try
        {
            var result = await verifications.RunAsync(run.Target, scope, run.Actor, run.Id, new Progress(run, step), stop.Token);
            foreach (var check in result.WorstFirst.Where(c => !c.Passed))
            {
                run.Journal.Log($"{(check.Severity == CheckSeverity.Error ? "Error" : "Warning")}: {check.Title} — {check.Actual}");
            }

            run.Report(result.Checks.Count, 0, result.Checks.Count);
            var verdict = VerificationWords.Verdict(result.Answered, result.Errors, result.Warnings);
            if (!result.Passed)
            {
                step.Failed(verdict);
                throw new RunFailedException(verdict);
            }

            step.Done(verdict);
        }
        catch (OperationCanceledException) when (run.StopsHere())
        {
            step.Stopped("Nothing was stored.");
        }
    }

    private sealed class Progress(RunContext run, RunStepProgress step) : IProgress<VerificationProgress>
    {
        public void Report(VerificationProgress value)
        {
            run.Report(value.Done, 0, value.Total);
            step.Tell(value.Title);
        }
    }
}
