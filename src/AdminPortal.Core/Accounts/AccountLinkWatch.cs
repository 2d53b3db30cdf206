using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Accounts;

/// <summary>Looks whether accounts still stand for the people whom they were linked to: at the next thousand every half minute. Any instance may do it.</summary>
internal sealed class AccountLinkWatch(AccountLinks links, TimeProvider time, ILogger<AccountLinkWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var after = "";
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                after = await links.CheckNextAsync(after, stoppingToken);
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogDebug("The links of accounts could not be looked at: {Error}", exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "Looking at the links of accounts failed; the next try is in {Pause}.", Pause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
