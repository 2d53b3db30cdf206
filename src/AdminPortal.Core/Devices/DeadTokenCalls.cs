using System.Collections.Concurrent;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Counts calls with dead tokens in memory and writes them about once a second, so that a device that hammers on costs one
/// row's update a second and never slows its own refusal. A portal that is killed loses at most the last second's counts.
/// </summary>
public sealed class DeadTokenCalls(IDbContextFactory<DeviceDbContext> databases, TimeProvider time, ILogger<DeadTokenCalls> logger) : BackgroundService
{
    /// <summary>More devices than this within a second are not counted: then something else is wrong.</summary>
    private const int MostDevices = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private ConcurrentDictionary<string, Calls> calls = new(StringComparer.Ordinal);

    internal void Count(string hash, string? address)
    {
        var current = calls;
        if (current.Count < MostDevices || current.ContainsKey(hash))
        {
            current.AddOrUpdate(hash, _ => new Calls(1, address), (_, before) => new Calls(before.Count + 1, address));
        }
    }

    /// <summary>Writes what was counted.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (calls.IsEmpty)
        {
            return;
        }

        var counted = Interlocked.Exchange(ref calls, new(StringComparer.Ordinal)).ToArray();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await DeviceReceipts.WriteCallsAsync(
            db, [.. counted.Select(c => c.Key)], [.. counted.Select(c => c.Value.Count)], [.. counted.Select(c => c.Value.Address)], cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.Log(
                    TargetAvailability.CannotServe(exception) ? LogLevel.Debug : LogLevel.Error, exception, "Calls with dead tokens of the last second were not counted.");
            }
        }
    }

    private sealed record Calls(int Count, string? Address);
}
