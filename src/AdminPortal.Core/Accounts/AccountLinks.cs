using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Whether the people whom accounts stand for are still the same. A host may rename or remove a person, and give the id to another one: the
/// link is taken from the account then, with its sessions, and an admin decides. It comes back by itself when the person does.
/// </summary>
public sealed class AccountLinks(IDbContextFactory<PortalDbContext> contexts, DeviceDatabases databases, KnownTargets targets, ILogger<AccountLinks> logger)
{
    /// <summary>Accounts that are looked at together.</summary>
    private const int Page = 1_000;

    /// <summary>False: the person was gone or another one when their database was asked just now.</summary>
    public async Task<bool> HoldsAsync(Actor actor, CancellationToken cancellationToken) =>
        (await CheckAsync(actor.Id, cancellationToken)).All(found => found.Loss is null);

    /// <summary>
    /// Looks at the link of an account, and writes down what it finds. Throws (<see cref="TargetAvailability.CannotServe"/>)
    /// while the managed database is away or not migrated.
    /// </summary>
    internal Task<IReadOnlyList<FoundLink>> CheckAsync(string accountId, CancellationToken cancellationToken) => CheckAsync([accountId], cancellationToken);

    /// <summary>The same with the next accounts after an id; the id to go on from, empty at the end.</summary>
    internal async Task<string> CheckNextAsync(string after, CancellationToken cancellationToken)
    {
        var ids = await NextAsync(after, cancellationToken);
        await CheckAsync(ids, cancellationToken);
        return ids.Length == Page ? ids[^1] : "";
    }

    private async Task<IReadOnlyList<FoundLink>> CheckAsync(string[] accountIds, CancellationToken cancellationToken)
    {
        var found = await LookAsync(accountIds, cancellationToken);
        var news = found.Where(link => link.IsNews).ToList();
        if (news.Count > 0 && await IsKnownAsync(cancellationToken))
        {
            foreach (var link in news)
            {
                await WriteAsync(link, cancellationToken);
            }
        }

        return found;
    }

    /// <summary>Those that are lost, for verification; changes nothing.</summary>
    public async Task<IReadOnlyList<LostLink>> LostAsync(CancellationToken cancellationToken)
    {
        var (lost, ids) = (new List<LostLink>(), await NextAsync("", cancellationToken));
        while (ids.Length > 0)
        {
            lost.AddRange((await LookAsync(ids, cancellationToken)).Select(link => link.Loss is { } loss ? new LostLink(link.AccountId, link.Email, link.UserId, loss) : null).OfType<LostLink>());
            ids = ids.Length == Page ? await NextAsync(ids[^1], cancellationToken) : [];
        }

        return lost;
    }

    /// <summary>When the account stood for whom, this moment included.</summary>
    internal async Task<IReadOnlyList<LinkSpan>> SpansAsync(string accountId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccountLinks.Where(l => l.AccountId == accountId).OrderBy(l => l.Id).Select(l => new LinkSpan(l.UserId, l.LinkedAt, l.EndedAt)).ToListAsync(cancellationToken);
    }

    /// <summary>Ends what an admin changes, in the transaction of the change.</summary>
    internal static Task EndAsync(PortalDbContext db, string accountId, CancellationToken cancellationToken) =>
        db.AccountLinks.Where(l => l.AccountId == accountId && l.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, _ => DatabaseClock.Now()), cancellationToken);

    /// <summary>The newest link that was lost of each account that has none now.</summary>
    internal static IQueryable<AccountLink> Lost(PortalDbContext db) =>
        db.AccountLinks.Where(l => l.Loss != null && db.Accounts.Any(a => a.Id == l.AccountId && a.AppUserId == null)
            && !db.AccountLinks.Any(newer => newer.AccountId == l.AccountId && newer.Id > l.Id));

    /// <summary>Accounts that stand for somebody, or did, in the order of their ids.</summary>
    private async Task<string[]> NextAsync(string after, CancellationToken cancellationToken)
    {
        await using var portal = await contexts.CreateDbContextAsync(cancellationToken);
        return await portal.Accounts.Where(a => a.Id.CompareTo(after) > 0 && (a.AppUserId != null || portal.AccountLinks.Any(l => l.AccountId == a.Id && l.Loss != null)))
            .OrderBy(a => a.Id).Select(a => a.Id).Take(Page).ToArrayAsync(cancellationToken);
    }

    private async Task<List<FoundLink>> LookAsync(string[] accountIds, CancellationToken cancellationToken)
    {
        await using var portal = await contexts.CreateDbContextAsync(cancellationToken);
        var links = await (from account in portal.Accounts.Where(a => a.AppUserId != null && accountIds.Contains(a.Id))
                           from link in portal.AccountLinks.Where(l => l.AccountId == account.Id && l.EndedAt == null).DefaultIfEmpty()
                           select new FoundLink(
                               account.Id, account.Email ?? "", account.AppUserId!, link != null && link.UserId == account.AppUserId ? link.Fingerprint : null, link != null && link.UserId == account.AppUserId, null)).ToListAsync(cancellationToken);
        links.AddRange(await (from link in Lost(portal).Where(l => accountIds.Contains(l.AccountId))
                              join account in portal.Accounts on link.AccountId equals account.Id
                              select new FoundLink(account.Id, account.Email ?? "", link.UserId, link.Fingerprint, true, link.Loss)).ToListAsync(cancellationToken));
        if (links.Count == 0)
        {
            return links;
        }

        var ids = links.Select(link => link.UserId).ToArray();
        await using var devices = databases.CreateDbContext();
        var people = await devices.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.CreatedAt, u.Email }).ToDictionaryAsync(u => u.Id, cancellationToken);
        return links.ConvertAll(link => people.TryGetValue(link.UserId, out var person)
            ? link with
            {
                Now = PersonFingerprint.Of(person.CreatedAt, person.Email),
                Loss = link.Known is null ? link.WasLost : PersonFingerprint.IsOf(link.Known, person.CreatedAt, person.Email) ? null : LinkLoss.OtherPerson,
            }
            : link with { Loss = LinkLoss.Gone });
    }

    /// <summary>Another database under the target's name knows none of the people: that says nothing of them.</summary>
    private async Task<bool> IsKnownAsync(CancellationToken cancellationToken)
    {
        await using var connection = await databases.PrimaryDataSource.OpenConnectionAsync(cancellationToken);
        var identity = await TargetIdentity.ReadAsync(connection, cancellationToken);
        return await targets.IsKnownAsync(databases.PrimaryName, identity, cancellationToken);
    }

    private async Task WriteAsync(FoundLink link, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AccountChange.LockKey})", cancellationToken);
        var (from, to) = (link.WasLost is null ? link.UserId : null, link.Loss is null ? link.UserId : null);
        if (await db.Accounts.SingleOrDefaultAsync(a => a.Id == link.AccountId && a.AppUserId == from, cancellationToken) is not { } account
            || (from is null && await db.Accounts.AnyAsync(a => a.AppUserId == link.UserId, cancellationToken)))
        {
            return; // an admin was quicker
        }

        if (link.Loss is { } loss)
        {
            await db.AccountLinks.Where(l => l.AccountId == account.Id && l.EndedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, _ => DatabaseClock.Now()).SetProperty(l => l.Loss, loss), cancellationToken);
            logger.LogWarning("The link of the account {Account} was lost: {Loss}", account.Id, loss);
        }
        else if (!link.IsOnRecord || link.WasLost is not null)
        {
            await EndAsync(db, account.Id, cancellationToken);
            var isFirst = !await db.AccountLinks.AnyAsync(l => l.AccountId == account.Id, cancellationToken);
            var row = new AccountLink { AccountId = account.Id, UserId = link.UserId, Fingerprint = link.Known ?? link.Now };
            row.LinkedAt = isFirst ? account.CreatedAt : row.LinkedAt;
            db.AccountLinks.Add(row);
        }
        else
        {
            await db.AccountLinks.Where(l => l.AccountId == account.Id && l.EndedAt == null && l.Fingerprint == null)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.Fingerprint, link.Now), cancellationToken);
        }

        if (from != to)
        {
            (account.AppUserId, account.SecurityStamp) = (to, Ids.New());
            AuditLog.Add(db, Actor.Portal, to is null ? "account.link-lost" : "account.link-found", account.Id, reason: new LostLink(account.Id, "", link.UserId, link.Loss ?? link.WasLost!.Value).Words);
            await AccountSessions.TellAsync(db, account.Id, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A link with what the person's database says of it now.</summary>
    /// <param name="Known">The fingerprint of the person that is meant; null: not known yet.</param>
    /// <param name="IsOnRecord">False: the account's link has no row yet.</param>
    /// <param name="WasLost">Set: the account has lost it already.</param>
    internal sealed record FoundLink(string AccountId, string Email, string UserId, string? Known, bool IsOnRecord, LinkLoss? WasLost)
    {
        public string? Now { get; init; }

        public LinkLoss? Loss { get; init; }

        public bool IsNews => Loss is null ? WasLost is not null || !IsOnRecord || Known is null : WasLost is null;
    }
}
