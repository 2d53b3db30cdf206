using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>Looks every few seconds for what is to be told, and makes the calls that are due.</summary>
internal sealed class OperatorWatch(OperatorDispatch dispatch, WebhookCalls calls, TimeProvider time, ILogger<OperatorWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await dispatch.TellAsync(stoppingToken);
                while (await calls.SendNextAsync(stoppingToken))
                {
                    // Until none is due.
                }
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogDebug("Notices to operators wait: {Error}", exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "Notices to operators could not be told; the next try is in {Pause}.", Pause);
            }
        }
    }
}
