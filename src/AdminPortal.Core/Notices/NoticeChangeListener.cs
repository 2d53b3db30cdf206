using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Notices;

/// <summary>Listens on the portal's own database, on a channel of its own, for accounts whose notices changed.</summary>
internal sealed class NoticeChangeListener(PortalDatabase database, NoticeChanges changes, TimeProvider time, ILogger<NoticeChangeListener> logger)
    : BackgroundService
{
    /// <summary>The payload is an account's id; empty: many accounts at once.</summary>
    public const string Channel = "portal_notices";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new DatabaseListener(
        database.DataSource, Channel, payload => changes.Publish(string.IsNullOrEmpty(payload) ? null : payload), time, logger).RunAsync(stoppingToken);
}
