using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Targets;

/// <summary>
/// After an operation made a target's types anew, such as a restore, every portal instance has to read them again and let go of
/// its connections. They hear of it through the portal's own database; so does a portal that serves while a command works.
/// </summary>
public sealed class TargetReloads(
    PortalDatabase portal, DeviceDatabases databases, IDbContextFactory<PortalDbContext> contexts, TimeProvider time, ILogger<TargetReloads> logger) : BackgroundService
{
    private const string Channel = "portal_target_changed";

    /// <summary>This instance at once, the others within moments.</summary>
    public async Task TellAsync(string target, CancellationToken cancellationToken)
    {
        await ReloadAsync(target, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({Channel}, {target})", cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new DatabaseListener(portal.DataSource, Channel, target => _ = HeardAsync(target, stoppingToken), time, logger).RunAsync(stoppingToken);

    /// <summary>Nothing to know (null): the listener has just begun, or was away and may have missed something.</summary>
    private async Task HeardAsync(string? target, CancellationToken cancellationToken)
    {
        foreach (var name in target is null ? databases.Names : databases.Names.Where(known => known == target))
        {
            try
            {
                await ReloadAsync(name, cancellationToken);
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception) || exception is OperationCanceledException)
            {
                logger.LogDebug("The types of {Target} wait: {Error}", name, exception.Message); // a connection made later reads them
            }
        }
    }

    private async Task ReloadAsync(string target, CancellationToken cancellationToken)
    {
        await databases.ReloadTypesAsync(target, cancellationToken);
        logger.LogDebug("The types of {Target} were read again.", target);
    }
}
