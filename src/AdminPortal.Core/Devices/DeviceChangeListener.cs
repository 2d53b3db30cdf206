using System.Text.Json;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Holds one connection to the primary target that LISTENs, and passes on what it hears. After a lost connection it
/// comes back by itself and announces <see cref="DeviceChange.Everything"/>, since NOTIFY keeps nothing for the absent.
/// </summary>
internal sealed class DeviceChangeListener(
    DeviceDatabases databases, DeviceChanges changes, TimeProvider time, ILogger<DeviceChangeListener> logger) : BackgroundService
{
    public const string Channel = "portal_device_changes";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await databases.PrimaryDataSource.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notification) => changes.Publish(Parse(notification.Payload));
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                changes.Publish(DeviceChange.Everything);
                pause = TimeSpan.FromMilliseconds(250);
                await ListenAsync(connection, stoppingToken);
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception))
            {
                logger.LogWarning("Live changes are paused: the primary target is away ({Error}). Next try in {Pause}.", exception.Message, pause);
                await Task.Delay(pause, time, stoppingToken);
                pause = TimeSpan.FromSeconds(Math.Min(5, pause.TotalSeconds * 2));
            }
        }
    }

    /// <summary>A query every 15 s finds a connection that died without a word.</summary>
    private static async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await connection.WaitAsync(TimeSpan.FromSeconds(15), cancellationToken))
            {
                await using var probe = new NpgsqlCommand("SELECT 1", connection);
                await probe.ExecuteScalarAsync(cancellationToken);
            }
        }
    }

    private static DeviceChange Parse(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<DeviceChange>(payload) ?? DeviceChange.Everything;
        }
        catch (JsonException)
        {
            return DeviceChange.Everything; // someone else's NOTIFY: reading again harms nobody
        }
    }
}

internal static class DeviceChangeNotification
{
    /// <summary>Announces the change when the surrounding transaction commits, and never if it does not.</summary>
    public static Task<int> NotifyAsync(this DbContext db, DeviceChange change, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"SELECT pg_notify({DeviceChangeListener.Channel}, {JsonSerializer.Serialize(change)})", cancellationToken);
}
