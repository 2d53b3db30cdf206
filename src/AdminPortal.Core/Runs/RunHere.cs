namespace AdminPortal.Core.Runs;

/// <summary>
/// Works on a run in this very process, for the command line. Pages see it like any other run; killed in the middle, a
/// portal that serves takes it up.
/// </summary>
public sealed class RunHere
{
    private readonly RunClaims claims;
    private readonly RunExecution execution;

    internal RunHere(RunClaims claims, RunExecution execution) => (this.claims, this.execution) = (claims, execution);

    /// <summary>To the end of the run. Cancelling asks it to stop, and waits for that.</summary>
    public async Task WorkAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await claims.ReadAsync(runId, CancellationToken.None);
        await using var registration = cancellationToken.Register(run.RequestStop);
        await execution.RunAsync(run, CancellationToken.None);
    }
}
