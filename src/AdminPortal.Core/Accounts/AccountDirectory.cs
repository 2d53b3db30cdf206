using System.Linq.Expressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>Reads accounts: all of them for admins, one's own for everybody.</summary>
public sealed class AccountDirectory(IDbContextFactory<PortalDbContext> contexts, SignInThrottle throttle, AdminProposals proposals, ILookupNormalizer normalizer)
{
    private static readonly Expression<Func<Account, AccountRow>> Row = a => new AccountRow(
        a.Id, a.Email ?? "", a.Role, a.AppUserId, a.PasswordHash != null, a.DisabledAt, a.DevicesToEndSince,
        null, a.CreatedAt, a.LastSignInAt, a.IsSample, a.TwoFactorEnabled);

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
            accounts = accounts.Where(a => a.NormalizedEmail!.Contains(normalized) || EF.Functions.ILike(a.Email!, SearchText.Pattern(text)!, SearchText.Escape) || a.AppUserId == text || db.AccountLinks.Any(l => l.AccountId == a.Id && l.UserId == text));
        }

        var rows = await accounts.OrderBy(a => a.NormalizedEmail).Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 1, 200))
            .Select(Row).ToListAsync(cancellationToken);
        return new AccountList(await WithLocksAsync(await WithMoreAsync(db, rows, cancellationToken), cancellationToken), await accounts.CountAsync(cancellationToken));
    }

    /// <summary>One account: an admin's view of it, or the person's own; else null.</summary>
    public async Task<AccountRow?> FindAsync(Actor actor, string accountId, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin && actor.Id != accountId)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Accounts.AsNoTracking().Where(a => a.Id == accountId).Select(Row).ToListAsync(cancellationToken);
        return (await WithLocksAsync(await WithMoreAsync(db, rows, cancellationToken), cancellationToken)).SingleOrDefault();
    }

    /// <summary>Null: there is none. Every spelling of the address finds it.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor is not an admin.</exception>
    public async Task<AccountRow?> FindByEmailAsync(Actor actor, string email, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            throw new UnauthorizedAccessException("Only an admin may look for accounts.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var normalized = normalizer.NormalizeEmail(email.Trim());
        return await db.Accounts.AsNoTracking().Where(a => a.NormalizedEmail == normalized).Select(Row).SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<AccountRow>> WithLocksAsync(List<AccountRow> rows, CancellationToken cancellationToken)
    {
        var locks = await throttle.LocksAsync(rows.Select(NormalizedEmail), cancellationToken);
        return rows.ConvertAll(row => locks.TryGetValue(NormalizedEmail(row), out var until) ? row with { LockedUntil = until } : row);
    }

    private async Task<List<AccountRow>> WithMoreAsync(PortalDbContext db, List<AccountRow> rows, CancellationToken cancellationToken) =>
        await proposals.WithProposalsAsync(db, await WithLostLinksAsync(db, await WithPasskeysAsync(db, rows, cancellationToken), cancellationToken), cancellationToken);

    private static async Task<List<AccountRow>> WithPasskeysAsync(PortalDbContext db, List<AccountRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToArray();
        var having = (await db.Passkeys.Where(p => ids.Contains(p.UserId)).Select(p => p.UserId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
        return rows.ConvertAll(row => having.Contains(row.Id) ? row with { HasPasskeys = true } : row);
    }

    private static async Task<List<AccountRow>> WithLostLinksAsync(PortalDbContext db, List<AccountRow> rows, CancellationToken cancellationToken)
    {
        var unlinked = rows.Where(row => row.AppUserId is null).Select(row => row.Id).ToArray();
        var lost = await AccountLinks.Lost(db).AsNoTracking().Where(l => unlinked.Contains(l.AccountId)).ToDictionaryAsync(l => l.AccountId, cancellationToken);
        return rows.ConvertAll(row => lost.TryGetValue(row.Id, out var link) ? row with { LostLink = new LostLink(row.Id, row.Email, link.UserId, link.Loss!.Value) } : row);
    }

    private string NormalizedEmail(AccountRow row) => normalizer.NormalizeEmail(row.Email) ?? "";

    public async Task<bool> HasEnabledAdminAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AnyAsync(a => a.Role == AccountRole.Admin && a.DisabledAt == null, cancellationToken);
    }
}
