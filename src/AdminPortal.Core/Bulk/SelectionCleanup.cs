using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Bulk;

/// <summary>Drops selections that were looked at and never run. Every instance may do it at once: the statement is idempotent.</summary>
public sealed class SelectionCleanup(IDbContextFactory<DeviceDbContext> databases, TimeProvider time, ILogger<SelectionCleanup> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>One round: how many selections were dropped.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.DeviceSelections.Where(s => s.RunId == null && s.CreatedAt < DatabaseClock.Now().AddDays(-1)).ExecuteDeleteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception))
            {
                logger.LogDebug("Clean-up of selections waits: {Error}", exception.Message);
            }
        }
    }
}
