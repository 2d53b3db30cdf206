using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Accounts;

/// <summary>Listens on the portal's own database, on a channel of its own, for accounts whose sessions ended.</summary>
internal sealed class AccountSessionListener(PortalDatabase database, AccountSessionChanges changes, TimeProvider time, ILogger<AccountSessionListener> logger)
    : BackgroundService
{
    /// <summary>The payload is an account's id; empty: many accounts at once. Sent in the transaction that ends the sessions.</summary>
    public const string Channel = "portal_account_sessions";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new DatabaseListener(
        database.DataSource, Channel, payload => changes.Publish(string.IsNullOrEmpty(payload) ? null : payload), time, logger).RunAsync(stoppingToken);
}
