using AdminPortal.Core.Activity;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>Asks the portal's database whether an account still counts, for acts that a cookie of a minute ago must not decide.</summary>
public sealed class AccountStanding(IDbContextFactory<PortalDbContext> databases)
{
    /// <summary>True while the account is enabled, and still has the role and the link to a person that the actor claims.</summary>
    public async Task<bool> IsInGoodStandingAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AnyAsync(
            a => a.Id == actor.Id && a.DisabledAt == null && a.Role == actor.Role && a.AppUserId == actor.UserId, cancellationToken);
    }
}
