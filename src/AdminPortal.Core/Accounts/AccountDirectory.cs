using System.Linq.Expressions;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>Reads accounts: all of them for admins, one's own for everybody.</summary>
public sealed class AccountDirectory(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <summary>By e-mail address. <paramref name="search"/> is a part of the address, or a whole user id.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor is not an admin.</exception>
    public async Task<AccountList> ListAsync(Actor actor, string? search, int skip, int take, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            throw new UnauthorizedAccessException("Only an admin may list accounts.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var accounts = db.Accounts.AsNoTracking();
        if (search?.Trim() is { Length: > 0 } text)
        {
            var normalized = text.ToUpperInvariant();
            accounts = accounts.Where(a => a.NormalizedEmail!.Contains(normalized) || a.AppUserId == text);
        }

        var rows = await accounts.OrderBy(a => a.NormalizedEmail).Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 1, 200))
            .Select(ToRow(time.GetUtcNow())).ToListAsync(cancellationToken);
        return new AccountList(rows, await accounts.CountAsync(cancellationToken));
    }

    /// <summary>One account: an admin's view of it, or the person's own; else null.</summary>
    public async Task<AccountRow?> FindAsync(Actor actor, string accountId, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin && actor.Id != accountId)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().Where(a => a.Id == accountId).Select(ToRow(time.GetUtcNow())).SingleOrDefaultAsync(cancellationToken);
    }

    private static Expression<Func<Account, AccountRow>> ToRow(DateTimeOffset now) => a => new AccountRow(
        a.Id, a.Email ?? "", a.Role, a.AppUserId, a.PasswordHash != null, a.DisabledAt, a.DevicesToEndSince,
        a.LockoutEnd > now ? a.LockoutEnd : null, a.CreatedAt, a.LastSignInAt, a.IsSample);

    public async Task<bool> HasEnabledAdminAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AnyAsync(a => a.Role == AccountRole.Admin && a.DisabledAt == null, cancellationToken);
    }
}
