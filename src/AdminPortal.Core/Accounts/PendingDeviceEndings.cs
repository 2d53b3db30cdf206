using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Accounts;

/// <summary>Tries every few seconds to end what is still to be ended. Any instance may do it; doing it twice is harmless.</summary>
internal sealed class PendingDeviceEndings(AccountDeviceEndings endings, TimeProvider time, ILogger<PendingDeviceEndings> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await endings.EndPendingAsync(stoppingToken);
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogWarning("The portal's own database is away: {Error}", exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "Ending the devices of disabled accounts failed; the next try is in {Pause}.", Pause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
