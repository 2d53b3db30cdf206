using System.Globalization;
using System.Linq.Expressions;
using System.Security.Claims;
using AdminPortal.Core.Activity;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Starts, lists and ends sign-ins. An end holds from the next request on, on every instance, and open pages hear of it at once.
/// People see and revoke their own.
/// </summary>
public sealed class AccountSessions(IServiceScopeFactory scopes, IDbContextFactory<PortalDbContext> contexts, IOptions<AccountSessionOptions> options)
{
    private const int UserAgentLength = 300;

    /// <summary>After the password was right, or a provider vouched. The principal names the new session; null: the account was disabled meanwhile.</summary>
    public async Task<ClaimsPrincipal?> StartAsync(
        string accountId, AccountSessionKind kind, string? address, string? userAgent, CancellationToken cancellationToken, ProviderSession? provider = null, string? continued = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByIdAsync(accountId) is not { DisabledAt: null, SecurityStamp: { } stamp } account)
        {
            return null;
        }

        var session = new AccountSession
        {
            Id = Ids.New(),
            AccountId = account.Id,
            Kind = kind,
            SecurityStamp = stamp,
            Address = address,
            UserAgent = Printable(userAgent),
            Provider = provider?.Provider,
            ProviderSubject = provider?.Subject,
            ProviderSessionId = provider?.SessionId,
            ProviderToken = provider?.Token,
            ConfirmedAt = provider?.AuthenticatedAt,
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (continued is not null)
        {
            session.ConfirmedAt = await db.AccountSessions.Where(s => s.Id == continued && s.AccountId == account.Id).Select(s => s.ConfirmedAt ?? s.StartedAt).SingleOrDefaultAsync(cancellationToken);
        }

        db.AccountSessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return await PrincipalAsync(scope.ServiceProvider, account, session.Id, session.Refreshes);
    }

    /// <summary>Exchanges the refresh token of a program's session. A token that was exchanged before was copied: its session is revoked.</summary>
    /// <param name="refreshes">The number that the token carries.</param>
    public async Task<RefreshOutcome> RefreshAsync(string sessionId, int refreshes, string? address, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var session = await LivingSessions.Of(db, options.Value).AsNoTracking()
            .SingleOrDefaultAsync(s => s.Id == sessionId && s.Kind == AccountSessionKind.Program, cancellationToken);
        if (session is null)
        {
            return new RefreshOutcome.Refused();
        }

        var exchanged = await db.AccountSessions.Where(s => s.Id == sessionId && s.EndedAt == null && s.Refreshes == refreshes).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.Refreshes, refreshes + 1).SetProperty(s => s.LastSeenAt, _ => DatabaseClock.Now()), cancellationToken);
        if (exchanged == 0)
        {
            await EndAsync(Actor.Anonymous(address), session.AccountId, s => s.Id == sessionId, "session.refresh-token-reused", cancellationToken);
            return new RefreshOutcome.Refused();
        }

        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByIdAsync(session.AccountId) is { DisabledAt: null } account
            && account.SecurityStamp == session.SecurityStamp
                ? new RefreshOutcome.Refreshed(await PrincipalAsync(scope.ServiceProvider, account, sessionId, refreshes + 1))
                : new RefreshOutcome.Refused();
    }

    /// <summary>The actor's own living sessions, the one that was used last first.</summary>
    public async Task<IReadOnlyList<AccountSessionRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await LivingSessions.Of(db, options.Value).Where(s => s.AccountId == actor.Id).OrderByDescending(s => s.LastSeenAt).ThenByDescending(s => s.Id)
            .Select(s => new AccountSessionRow(s.Id, s.Kind, s.StartedAt, s.LastSeenAt, s.Address, s.UserAgent, s.Id == actor.SessionId))
            .Take(100).ToListAsync(cancellationToken);
    }

    /// <summary>The account that signs in for a user, and its living sessions; null: there is none, or the actor may not see it.</summary>
    public async Task<UserAccount?> OfUserAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Accounts.AsNoTracking().Where(a => a.AppUserId == userId).Select(a => new { a.Id, a.Email, a.Role, a.DisabledAt }).SingleOrDefaultAsync(cancellationToken) is not { } account)
        {
            return null;
        }

        var sessions = await LivingSessions.Of(db, options.Value).Where(s => s.AccountId == account.Id).OrderByDescending(s => s.LastSeenAt).ThenByDescending(s => s.Id)
            .Select(s => new AccountSessionRow(s.Id, s.Kind, s.StartedAt, s.LastSeenAt, s.Address, s.UserAgent, s.Id == actor.SessionId)).Take(100).ToListAsync(cancellationToken);
        return new UserAccount(account.Email ?? "", account.Role, account.DisabledAt is not null, sessions);
    }

    /// <summary>The sign-in at a provider from which the actor's session came; null: a password.</summary>
    public async Task<ProviderSession?> ProviderOfAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccountSessions.Where(s => s.Id == actor.SessionId && s.AccountId == actor.Id && s.Provider != null)
            .Select(s => new ProviderSession(s.Provider!, s.ProviderSubject!, s.ProviderSessionId, s.ProviderToken, false)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// A provider says that somebody signed out there. Ends what came from that session of theirs, or from all of theirs, and was there
    /// when the provider said so: what it said before cannot be said again to end more.
    /// </summary>
    public async Task<int> EndByProviderAsync(
        string provider, string? subject, string? sessionId, DateTimeOffset saidAt, string? address, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var accounts = await Meant(db.AccountSessions).Select(s => s.AccountId).Distinct().ToListAsync(cancellationToken);
        var ended = 0;
        foreach (var accountId in accounts)
        {
            var sessions = await Meant(db.AccountSessions).Where(s => s.AccountId == accountId).Select(s => s.Id).ToListAsync(cancellationToken);
            ended += await EndAsync(Actor.Anonymous(address), accountId, s => sessions.Contains(s.Id), "sign-out.by-provider", cancellationToken);
        }

        return ended;

        IQueryable<AccountSession> Meant(IQueryable<AccountSession> all) => all.Where(s => s.Provider == provider && s.EndedAt == null && s.StartedAt <= saidAt
            && (subject == null || s.ProviderSubject == subject) && (sessionId == null || s.ProviderSessionId == sessionId));
    }

    /// <summary>Ends the session by which the actor acts; not asked for standing, since a session that has ended already is what is wanted.</summary>
    public Task<int> SignOutAsync(Actor actor, CancellationToken cancellationToken) =>
        EndAsync(actor, actor.Id, s => s.Id == actor.SessionId, "sign-out.ok", cancellationToken);

    /// <summary>False: it has ended already, or is not the actor's.</summary>
    public async Task<bool> RevokeAsync(Actor actor, string sessionId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return await EndAsync(actor, actor.Id, s => s.Id == sessionId, "session.revoked", cancellationToken) > 0;
    }

    /// <summary>All of the actor's own but the one that asks. Says how many.</summary>
    public async Task<int> RevokeOthersAsync(Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return await EndAsync(actor, actor.Id, s => s.Id != actor.SessionId, "session.others-revoked", cancellationToken);
    }

    /// <summary>Tells every instance, when the transaction commits.</summary>
    internal static Task TellAsync(PortalDbContext db, string accountId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_notify({AccountSessionListener.Channel}, {accountId})", cancellationToken);

    private async Task<int> EndAsync(
        Actor actor, string accountId, Expression<Func<AccountSession, bool>> which, string action, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ended = await db.AccountSessions.Where(s => s.AccountId == accountId && s.EndedAt == null).Where(which)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, _ => DatabaseClock.Now()), cancellationToken);
        if (ended > 0)
        {
            AuditLog.Add(db, actor, action, accountId);
            await db.SaveChangesAsync(cancellationToken);
            await TellAsync(db, accountId, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return ended;
    }

    private static async Task<ClaimsPrincipal> PrincipalAsync(IServiceProvider services, Account account, string sessionId, int refreshes)
    {
        var principal = await services.GetRequiredService<IUserClaimsPrincipalFactory<Account>>().CreateAsync(account);
        ((ClaimsIdentity)principal.Identity!).AddClaims(
            [new Claim(AccountClaims.Session, sessionId), new Claim(AccountClaims.Refreshes, refreshes.ToString(CultureInfo.InvariantCulture))]);
        return principal;
    }

    /// <summary>What a browser says of itself, without what a list could not show.</summary>
    private static string? Printable(string? text)
    {
        var clean = new string([.. (text ?? "").Where(c => c is >= ' ' and <= '~').Take(UserAgentLength)]).Trim();
        return clean.Length == 0 ? null : clean;
    }
}
