using AdminPortal.Core.Devices;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Notices;

/// <summary>Moves notices a moment after a change is announced, and looks once a second in case the announcement was missed.</summary>
internal sealed class NoticeDispatcher(NoticeDispatch dispatch, DeviceChanges changes, TimeProvider time, ILogger<NoticeDispatcher> logger)
    : BackgroundService
{
    /// <summary>Changes come in flocks, three to a pairing: one look serves them all.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new WakeUp(time);
        using var subscription = changes.Subscribe(_ => wake.Now());
        while (!stoppingToken.IsCancellationRequested)
        {
            await wake.WaitAsync(await MoveAllAsync(stoppingToken) ? Pause : PauseAfterFailure, stoppingToken);
            await Task.Delay(Gathering, time, stoppingToken);
        }
    }

    private async Task<bool> MoveAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await dispatch.MoveAsync(cancellationToken) > 0)
            {
                // A bulk run fills the outbox faster than one batch empties it.
            }

            return true;
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            logger.LogWarning("Notices wait in the outbox: a database is away ({Error}).", exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "Notices could not be moved out of the outbox; the next try is in {Pause}.", PauseAfterFailure);
        }

        return false;
    }
}
