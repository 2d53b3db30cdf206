using AdminPortal.Core.Targets;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Jobs;

/// <summary>Runs one job and records how it went. A job that fails is no failure of the portal: the next run tries again.</summary>
internal sealed class JobRunner(IEnumerable<IPortalJob> jobs, JobRuns runs, ILogger<JobRunner> logger)
{
    public async Task RunAsync(string name, string startedBy, string instance, CancellationToken cancellationToken)
    {
        var job = jobs.Single(j => j.Name == name);
        await runs.MarkAbandonedAsync(name, cancellationToken);
        var id = await runs.BeginAsync(name, startedBy, instance, cancellationToken);
        var (outcome, result) = await TryAsync(job, cancellationToken);
        var level = job.IsRoutine && outcome == JobOutcome.Done ? LogLevel.Debug : LogLevel.Information;
        logger.Log(level, "Job {Job} ended as {Outcome}: {Message}", name, outcome, result.Message);
        // Also when the portal is being stopped: the record says so.
        await runs.FinishAsync(id, name, outcome, result, CancellationToken.None);
    }

    private async Task<(string Outcome, JobResult Result)> TryAsync(IPortalJob job, CancellationToken cancellationToken)
    {
        try
        {
            return (JobOutcome.Done, await job.RunAsync(cancellationToken));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return (JobOutcome.Failed, new JobResult("The portal was stopped meanwhile. What was done stays done; the next run does the rest.", null));
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return (JobOutcome.Failed, new JobResult($"A database is away: {exception.Message}", null));
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Job {Job} failed.", job.Name);
            return (JobOutcome.Failed, new JobResult("It failed unexpectedly. The portal's log has the details.", null));
        }
    }
}
