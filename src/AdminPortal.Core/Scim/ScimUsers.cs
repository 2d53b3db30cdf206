using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Scim;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Scim;

/// <summary>
/// Accounts as a directory keeps them. New ones have the role User; roles and links to people stay an admin's. All accounts can be found, so that a
/// directory takes over those that were there before it.
/// </summary>
public sealed class ScimUsers(IServiceScopeFactory scopes, IDbContextFactory<PortalDbContext> contexts, AccountService accounts, ILookupNormalizer normalizer)
{
    /// <summary>The most that one page holds.</summary>
    public const int MostPerPage = 200;

    /// <param name="startIndex">Of the first one, from 1.</param>
    public async Task<ScimList> ListAsync(ScimFilter? filter, int startIndex, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = Filtered(Found(db), filter);
        var rows = await found.OrderBy(f => f.Account.CreatedAt).ThenBy(f => f.Account.Id).Skip(Math.Max(0, startIndex - 1)).Take(Math.Clamp(count, 0, MostPerPage)).ToListAsync(cancellationToken);
        return new ScimList(rows.ConvertAll(Row), await found.CountAsync(cancellationToken));
    }

    public async Task<ScimOutcome> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Found(db).SingleOrDefaultAsync(f => f.Account.Id == id, cancellationToken) is { } found ? new ScimOutcome.Done(Row(found)) : new ScimOutcome.NotFound();
    }

    /// <summary>Makes the account; one whom the directory had removed comes back.</summary>
    public async Task<ScimOutcome> CreateAsync(AuthenticatedService directory, string? address, ScimUser user, CancellationToken cancellationToken)
    {
        if (user.Problem is { } problem)
        {
            return new ScimOutcome.Invalid(problem);
        }

        var actor = ActorOf(directory, address);
        var (key, email) = (KeyOf(user.UserName!), normalizer.NormalizeEmail(user.SignIn));
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var removed = await db.DirectoryUsers.Where(u => u.RemovedAt != null && (u.UserKey == key || db.Accounts.Any(a => a.Id == u.AccountId && a.NormalizedEmail == email)))
                .Select(u => u.AccountId).FirstOrDefaultAsync(cancellationToken);
            if (removed is not null)
            {
                return await WriteAsync(actor, removed, user, isBack: true, cancellationToken);
            }

            if (await db.DirectoryUsers.AnyAsync(u => u.UserKey == key, cancellationToken))
            {
                return new ScimOutcome.Taken($"There is a user {user.UserName} already.");
            }
        }

        var made = await accounts.CreateAsync(new CreateAccount(user.SignIn!, AccountRole.User), actor, cancellationToken);
        return made is AccountOutcome.Done done ? await WriteAsync(actor, done.AccountId, user, isBack: false, cancellationToken) : Outcome(made);
    }

    /// <summary>The whole user as the directory wants it (PUT, and PATCH after its operations).</summary>
    public async Task<ScimOutcome> ReplaceAsync(AuthenticatedService directory, string? address, string id, ScimUser user, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is ScimOutcome.NotFound gone ? gone
        : user.Problem is { } problem ? new ScimOutcome.Invalid(problem)
        : await WriteAsync(ActorOf(directory, address), id, user, isBack: false, cancellationToken);

    /// <summary>Disables the account, and the directory sees it no more. The record keeps it.</summary>
    public async Task<ScimOutcome> RemoveAsync(AuthenticatedService directory, string? address, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not ScimOutcome.Done { Row: { } row } found)
        {
            return new ScimOutcome.NotFound();
        }

        var outcome = await WriteAsync(ActorOf(directory, address), id, row.User with { Active = false }, isBack: false, cancellationToken);
        if (outcome is ScimOutcome.Done)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.DirectoryUsers.Where(u => u.AccountId == id).ExecuteUpdateAsync(set => set.SetProperty(u => u.RemovedAt, _ => DatabaseClock.Now()), cancellationToken);
        }

        return outcome is ScimOutcome.Done ? found : outcome;
    }

    private async Task<ScimOutcome> WriteAsync(Actor actor, string id, ScimUser user, bool isBack, CancellationToken cancellationToken)
    {
        var wasActive = true;
        var outcome = await AccountChange.RunAsync(scopes, actor, id, async (work, account) =>
        {
            wasActive = account.DisabledAt is null;
            if (normalizer.NormalizeEmail(user.SignIn) != account.NormalizedEmail)
            {
                if (account.Role != AccountRole.User)
                {
                    return new AccountOutcome.AddressOfStaff();
                }

                (account.Email, account.UserName) = (user.SignIn, user.SignIn);
                work.Record(actor, "account.renamed", account);
                if (AccountChange.Failure(await work.Users.UpdateSecurityStampAsync(account), account) is { } failure)
                {
                    return failure;
                }
            }

            var row = await work.Db.DirectoryUsers.FindAsync([id], cancellationToken);
            if (row is null)
            {
                work.Db.DirectoryUsers.Add(row = new DirectoryUser { AccountId = id, UserName = "", UserKey = "" });
            }

            if (await work.Db.DirectoryUsers.AnyAsync(u => u.UserKey == KeyOf(user.UserName!) && u.AccountId != id, cancellationToken))
            {
                return new AccountOutcome.EmailTaken(user.UserName!);
            }

            (row.UserName, row.UserKey) = (user.UserName!, KeyOf(user.UserName!));
            (row.ExternalId, row.DisplayName, row.GivenName, row.FamilyName) = (user.ExternalId, user.DisplayName, user.GivenName, user.FamilyName);
            row.RemovedAt = isBack ? null : row.RemovedAt;
            row.ChangedAt = await work.Db.Accounts.Select(_ => DatabaseClock.Now()).FirstAsync(cancellationToken);
            return new AccountOutcome.Done(id);
        }, cancellationToken);
        if (outcome is AccountOutcome.Done && wasActive != user.Active)
        {
            outcome = user.Active ? await accounts.EnableAsync(id, actor, cancellationToken) : await accounts.DisableAsync(id, actor, cancellationToken);
        }

        return outcome is AccountOutcome.Done ? await FindAsync(id, cancellationToken) : Outcome(outcome);
    }

    private static ScimOutcome Outcome(AccountOutcome outcome) => outcome switch
    {
        AccountOutcome.NotFound => new ScimOutcome.NotFound(),
        AccountOutcome.EmailTaken => new ScimOutcome.Taken(outcome.Message),
        AccountOutcome.EmailInvalid => new ScimOutcome.Invalid(outcome.Message),
        _ => new ScimOutcome.Refused(outcome.Message),
    };

    /// <summary>It may what an admin may with accounts; its endpoints ask for nothing else.</summary>
    private static Actor ActorOf(AuthenticatedService directory, string? address) => new($"directory:{directory.Id}", directory.Name, AccountRole.Admin, null, address);

    private static string KeyOf(string userName) => userName.Trim().ToLowerInvariant();

    private static IQueryable<FoundUser> Found(PortalDbContext db) =>
        from account in db.Accounts.AsNoTracking()
        from user in db.DirectoryUsers.Where(u => u.AccountId == account.Id).DefaultIfEmpty()
        where user == null || user.RemovedAt == null
        select new FoundUser { Account = account, User = user };

    private IQueryable<FoundUser> Filtered(IQueryable<FoundUser> users, ScimFilter? filter)
    {
        if (filter is null)
        {
            return users;
        }

        var (value, key, email) = (filter.Value, KeyOf(filter.Value), normalizer.NormalizeEmail(filter.Value));
        return filter.Attribute switch
        {
            ScimAttribute.UserName => users.Where(f => f.User != null ? f.User.UserKey == key : f.Account.NormalizedEmail == email),
            ScimAttribute.ExternalId => users.Where(f => f.User != null && f.User.ExternalId == value),
            ScimAttribute.Id => users.Where(f => f.Account.Id == value),
            _ => users.Where(f => f.Account.NormalizedEmail == email),
        };
    }

    private static ScimRow Row(FoundUser found) => new(
        found.Account.Id,
        new ScimUser(found.User?.UserName ?? found.Account.Email, found.Account.Email, found.Account.DisabledAt is null, found.User?.ExternalId, found.User?.DisplayName, found.User?.GivenName, found.User?.FamilyName),
        found.Account.CreatedAt, found.User?.ChangedAt ?? found.Account.CreatedAt);

    private sealed class FoundUser
    {
        public required Account Account { get; init; }

        public required DirectoryUser? User { get; init; }
    }
}
