using AdminPortal.Core.Pairing;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Housekeeping;

/// <summary>
/// Erases the seeds of tokens that nobody collects again, and drops pairing sessions that are long over. Every instance
/// may run it at once: the statements are idempotent.
/// </summary>
public sealed class PairingCleanup(
    IDbContextFactory<DeviceDbContext> databases, IOptions<PairingOptions> options, TimeProvider time, ILogger<PairingCleanup> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int DaysKept = 30;

    /// <summary>One round: how many seeds were erased and how many sessions dropped.</summary>
    public async Task<(int Seeds, int Sessions)> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var again = options.Value.ClaimedSeconds;
        var seeds = await db.PairingSessions
            .Where(s => s.Seed != null && s.ExpiresAt < DatabaseClock.Now() && (s.CollectedAt == null || s.CollectedAt < DatabaseClock.Now().AddSeconds(-again)))
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Seed, (byte[]?)null), cancellationToken);
        var sessions = await db.PairingSessions.Where(s => s.ExpiresAt < DatabaseClock.Now().AddDays(-DaysKept)).ExecuteDeleteAsync(cancellationToken);
        return (seeds, sessions);
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
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogDebug("Clean-up of pairing sessions waits: {Error}", exception.Message);
            }
        }
    }
}
