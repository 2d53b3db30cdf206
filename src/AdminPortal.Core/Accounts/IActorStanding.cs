using AdminPortal.Core.Activity;
using AdminPortal.Data;

namespace AdminPortal.Core.Accounts;

/// <summary>Says whether the sign-in by which an actor acts still counts: not ended or expired, its account enabled, role and link as they were.</summary>
public interface IActorStanding
{
    Task<bool> HoldsAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>Whether the person signed in, or showed again that it is them, in this session and in the last <see cref="FreshSignIn.Lasts"/>.</summary>
    Task<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>Asks in the context's transaction, and keeps the accounts as they are until it ends.</summary>
    Task<bool> HoldsAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken);
}
