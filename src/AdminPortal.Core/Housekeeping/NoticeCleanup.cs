using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Housekeeping;

/// <summary>Drops notices that are older than <see cref="NoticeInbox.DaysKept"/> days, read or not. Every instance may run it at once.</summary>
public sealed class NoticeCleanup(IDbContextFactory<PortalDbContext> contexts, TimeProvider time, ILogger<NoticeCleanup> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>One round: how many were dropped.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Database.ExecuteSqlAsync($"DELETE FROM portal.notices WHERE at < now() - make_interval(days => {NoticeInbox.DaysKept})", cancellationToken);
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
                logger.LogDebug("Clean-up of notices waits: {Error}", exception.Message);
            }
        }
    }
}
