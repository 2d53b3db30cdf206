using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Runs;

/// <summary>
/// Works on the runs that wait, a few at a time. An instance that dies is noticed by its missing heartbeat, and whichever
/// comes first goes on with its runs; one that is shut down gives them back.
/// </summary>
internal sealed class RunWorker(
    RunClaims claims, RunExecution execution, RunPlace place, RunSignal signal, IOptions<RunOptions> options, ILogger<RunWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                running.RemoveAll(task => task.IsCompleted);
                if (running.Count < options.Value.AtOnce && await TakeAsync(stoppingToken) is { } run)
                {
                    running.Add(Task.Run(() => execution.RunAsync(run, stoppingToken), CancellationToken.None));
                    continue;
                }

                await signal.WaitAsync(Pause, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    /// <summary>
    /// Once begun, it is not cancelled: a claim that the database made and this process never heard of would keep the run
    /// from everybody until its heartbeat is old.
    /// </summary>
    private async Task<RunContext?> TakeAsync(CancellationToken stoppingToken)
    {
        stoppingToken.ThrowIfCancellationRequested();
        try
        {
            return await claims.TakeAsync(place.Instance, [.. execution.Kinds], options.Value.StaleSeconds, CancellationToken.None);
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            logger.LogDebug("Runs wait for the portal's own database: {Error}", exception.Message);
            return null;
        }
    }
}
