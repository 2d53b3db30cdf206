using AdminPortal.Core.Targets;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Jobs;

/// <summary>
/// Runs one job and records how it went. A job that fails is no failure of the portal: the next run tries again. While it runs, the
/// record is asked every second whether a person wants it to stop, who may be at another instance.
/// </summary>
internal sealed class JobRunner(IEnumerable<IPortalJob> jobs, JobRuns runs, TimeProvider time, ILogger<JobRunner> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public async Task RunAsync(string name, string startedBy, string instance, CancellationToken cancellationToken)
    {
        var job = jobs.Single(j => j.Name == name);
        await runs.MarkAbandonedAsync(name, cancellationToken);
        var id = await runs.BeginAsync(name, startedBy, instance, cancellationToken);
        var (outcome, result) = await TryAsync(job, id, cancellationToken);
        var level = job.IsRoutine && outcome == JobOutcome.Done ? LogLevel.Debug : LogLevel.Information;
        logger.Log(level, "Job {Job} ended as {Outcome}: {Message}", name, outcome, result.Message);
        // Also when the portal is being stopped: the record says so.
        await runs.FinishAsync(id, name, outcome, result, CancellationToken.None);
    }

    private async Task<(string Outcome, JobResult Result)> TryAsync(IPortalJob job, long id, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(id, stop, done.Token);
        try
        {
            return (JobOutcome.Done, await job.RunAsync(stop.Token));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return (JobOutcome.Failed, new JobResult("The portal was stopped meanwhile. What was done stays done; the next run does the rest.", null));
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return (JobOutcome.Stopped, new JobResult($"Stopped by {await watching}. What was done stays done; the next run goes on.", null));
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return (JobOutcome.Failed, new JobResult($"A database is away: {exception.Message}", null));
        }
        catch (Exception exception) when (TargetAvailability.LacksSchema(exception))
        {
            logger.LogError(exception, "Job {Job} asked for what its database does not have.", job.Name);
            return (JobOutcome.Failed, new JobResult($"A database lacks what this needs, so it may not be migrated yet: {exception.Message}", null));
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Job {Job} failed.", job.Name);
            return (JobOutcome.Failed, new JobResult("It failed unexpectedly. The portal's log has the details.", null));
        }
        finally
        {
            await done.CancelAsync();
            await watching;
        }
    }

    /// <summary>Cancels the run when a person wants that; who it was, or null when the run ended first.</summary>
    private async Task<string?> WatchAsync(long id, CancellationTokenSource stop, CancellationToken done)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                if (await AskedByAsync(id, done) is { } person)
                {
                    await stop.CancelAsync();
                    return person;
                }
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The run has ended.
        }

        return null;
    }

    private async Task<string?> AskedByAsync(long id, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.StopAskedByAsync(id, cancellationToken);
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return null; // the next look may find the database again
        }
    }
}
