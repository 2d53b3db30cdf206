using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Ends the devices of disabled accounts. The wish is recorded with the disabling (<c>DevicesToEndSince</c>) and crossed out
/// when the managed database has done it, so that neither an outage nor a crash in between loses it.
/// </summary>
public sealed class AccountDeviceEndings(
    IDbContextFactory<PortalDbContext> contexts, IServiceScopeFactory scopes, AccountLinks links, ILogger<AccountDeviceEndings> logger)
{
    private const string Reason = "account disabled";

    /// <summary>True: done. False: the managed database is away, and <see cref="PendingDeviceEndings"/> tries again.</summary>
    public async Task<bool> EndAsync(string accountId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var wish = await db.Accounts.AsNoTracking()
            .Where(a => a.Id == accountId && a.DevicesToEndSince != null)
            .Select(a => new { a.DevicesToEndSince })
            .SingleOrDefaultAsync(cancellationToken);
        if (wish is null)
        {
            return true;
        }

        try
        {
            // The id may be another person's by now, whose devices are not this account's.
            var person = (await links.CheckAsync(accountId, cancellationToken)).Where(link => link.Loss is null).Select(link => link.UserId).SingleOrDefault();
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IAccountDevices>()
                .EndAllAsync(person, await links.SpansAsync(accountId, cancellationToken), actor, Reason, cancellationToken);
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            logger.LogWarning("Devices of the disabled account {Account} are still to be ended: {Error}", accountId, exception.Message);
            return false;
        }

        await db.Accounts.Where(a => a.Id == accountId && a.DevicesToEndSince == wish.DevicesToEndSince)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.DevicesToEndSince, (DateTimeOffset?)null), cancellationToken);
        AuditLog.Add(db, actor, "account.devices-ended", accountId, reason: Reason);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>One round over all that is pending.</summary>
    public async Task EndPendingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = await db.Accounts.AsNoTracking()
            .Where(a => a.DevicesToEndSince != null).OrderBy(a => a.DevicesToEndSince).Select(a => a.Id).ToListAsync(cancellationToken);
        foreach (var accountId in pending)
        {
            if (!await EndAsync(accountId, Actor.Portal, cancellationToken))
            {
                return; // the others would meet the same outage
            }
        }
    }
}
