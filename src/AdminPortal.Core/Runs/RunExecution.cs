using AdminPortal.Core.Targets;
using AdminPortal.Data.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Runs;

/// <summary>Works on one run in this process, with a heartbeat twice a second that carries its progress.</summary>
internal sealed class RunExecution(
    RunClaims claims, RunPlace place, IEnumerable<IRunWork> works, IOptions<RunOptions> options, TimeProvider time, ILogger<RunExecution> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<string, IRunWork> byKind = works.SelectMany(work => work.Kinds.Select(kind => (kind, work))).ToDictionary(p => p.kind, p => p.work);

    public IReadOnlyCollection<string> Kinds => byKind.Keys;

    /// <summary>Until the run ends, or is another instance's, or this process shuts down: then it is given back.</summary>
    public async Task RunAsync(RunContext run, CancellationToken stoppingToken)
    {
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var beating = BeatAsync(run, mine);
        try
        {
            var (state, error) = await WorkAsync(run, mine.Token);
            await mine.CancelAsync();
            await beating;
            if (state is { } end)
            {
                await claims.FinishAsync(run, place.Instance, end, error, CancellationToken.None);
            }
            else
            {
                await Task.Delay(stoppingToken.IsCancellationRequested ? TimeSpan.Zero : Pause, time, CancellationToken.None);
                await claims.LetGoAsync(run, place.Instance, CancellationToken.None);
            }
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            // The heartbeat gets old, and the run is taken up and finished then.
            logger.LogWarning("The end of run {Run} could not be written: {Error}", run.Id, exception.Message);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The end of run {Run} could not be written.", run.Id);
        }
    }

    /// <summary>The state to end in; null: it did not end, and is to be taken up again.</summary>
    private async Task<(RunState? State, string? Error)> WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        try
        {
            await byKind[run.Kind].WorkAsync(run, cancellationToken);
            return (run.Stopped ? RunState.Stopped : RunState.Done, null);
        }
        catch (RunFailedException exception)
        {
            logger.LogWarning(exception, "Run {Run} failed.", run.Id);
            return (RunState.Failed, exception.Message);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return (null, null); // shutting down, or the run is another instance's by now
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            logger.LogWarning("Run {Run} waits: {Error}", run.Id, exception.Message);
            return (null, null);
        }
        catch (Exception exception) when (TargetAvailability.LacksSchema(exception))
        {
            logger.LogError(exception, "Run {Run} asked for what its database does not have.", run.Id);
            return (RunState.Failed, $"The database lacks what this needs ({exception.GetBaseException().Message}). What was done before stays done. See under Migrations whether it is at this release.");
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Run {Run} failed unexpectedly.", run.Id);
            return (RunState.Failed, "Something unexpected went wrong. What was done before stays done; the portal's log has the details.");
        }
    }

    /// <summary>
    /// Cancels the work when the run was taken by another instance, or may have been, since no heartbeat got through for so long; and
    /// whenever the beating stops for a reason that nobody foresaw: without it another instance takes the run, and two work on it.
    /// </summary>
    private async Task BeatAsync(RunContext run, CancellationTokenSource mine)
    {
        var last = time.GetTimestamp();
        using var timer = new PeriodicTimer(Beat, time);
        while (await NextAsync(timer, mine.Token))
        {
            try
            {
                if (!await claims.BeatAsync(run, place.Instance, mine.Token))
                {
                    await mine.CancelAsync();
                    return;
                }

                last = time.GetTimestamp();
            }
            catch (Exception) when (mine.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogDebug("A heartbeat of run {Run} was lost: {Error}", run.Id, exception.Message);
                if (time.GetElapsedTime(last).TotalSeconds > options.Value.StaleSeconds * 0.7)
                {
                    await mine.CancelAsync();
                    return;
                }
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "The heartbeat of run {Run} failed; the run is given back.", run.Id);
                await mine.CancelAsync();
                return;
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
