using AdminPortal.Core.Activity;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>Asks the portal's database, by the session's key, whether it counts and its account is still what the actor claims. No cache.</summary>
public sealed class SessionStanding(IDbContextFactory<PortalDbContext> contexts, IOptions<AccountSessionOptions> options, AccountSessionChanges changes) : IActorStanding
{
    /// <summary>How exactly the last use is known; between two writes of it a request costs one look-up.</summary>
    private const int SeenEverySeconds = 60;

    public async Task<bool> HoldsAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Tell(actor, await LookAsync(db, actor, cancellationToken));
    }

    public async Task<bool> HoldsAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared({AccountChange.LockKey})", cancellationToken);
        return Tell(actor, await LookAsync(db, actor, cancellationToken));
    }

    public async Task<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken)
    {
        var lasts = -FreshSignIn.Lasts.TotalSeconds;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await LivingSessions.Of(db, options.Value).AnyAsync(
            s => s.Id == actor.SessionId && s.AccountId == actor.Id && (s.ConfirmedAt ?? s.StartedAt) > DatabaseClock.Now().AddSeconds(lasts),
            cancellationToken);
    }

    /// <summary>For requests and open pages.</summary>
    /// <param name="used">True: the idle time counts from here.</param>
    public async Task<bool> IsAliveAsync(Actor actor, bool used, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await LookAsync(db, actor, cancellationToken) is not { } seenLongAgo)
        {
            return false;
        }

        if (used && seenLongAgo)
        {
            await db.AccountSessions.Where(s => s.Id == actor.SessionId && s.EndedAt == null && s.LastSeenAt < DatabaseClock.Now().AddSeconds(-SeenEverySeconds))
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, _ => DatabaseClock.Now()), cancellationToken);
        }

        return true;
    }

    /// <summary>Someone wrote with a session that counts no more: pages of this instance that still believe it look now.</summary>
    private bool Tell(Actor actor, bool? found)
    {
        if (found is null)
        {
            changes.Publish(actor.Id);
        }

        return found is not null;
    }

    /// <summary>Null: it does not count. True: its last use was written a while ago.</summary>
    private async Task<bool?> LookAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken)
    {
        var found = actor.SessionId is null ? [] : await LivingSessions.Of(db, options.Value)
            .Where(s => s.Id == actor.SessionId && db.Accounts.Any(a => a.Id == s.AccountId && a.Id == actor.Id && a.Role == actor.Role && a.AppUserId == actor.UserId))
            .Select(s => s.LastSeenAt < DatabaseClock.Now().AddSeconds(-SeenEverySeconds)).ToListAsync(cancellationToken);
        return found.Count == 0 ? null : found[0];
    }
}
