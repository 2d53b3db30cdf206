using System.Text.Json;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Holds one connection to the primary target that LISTENs, and passes on what it hears. After a lost connection it
/// comes back by itself and announces <see cref="DeviceChange.Everything"/>, since NOTIFY keeps nothing for the absent.
/// </summary>
internal sealed class DeviceChangeListener(
    DeviceDatabases databases, DeviceChanges changes, TimeProvider time, ILogger<DeviceChangeListener> logger) : BackgroundService
{
    public const string Channel = "portal_device_changes";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new DatabaseListener(databases.PrimaryDataSource, Channel, payload => changes.Publish(Parse(payload)), time, logger).RunAsync(stoppingToken);

    private static DeviceChange Parse(string? payload)
    {
        try
        {
            return payload is null ? DeviceChange.Everything : JsonSerializer.Deserialize<DeviceChange>(payload) ?? DeviceChange.Everything;
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
