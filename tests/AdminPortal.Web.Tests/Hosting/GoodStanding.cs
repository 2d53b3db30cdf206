using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>For components that are rendered alone, where nobody signed in.</summary>
internal sealed class GoodStanding : IActorStanding
{
    public Task<bool> HoldsAsync(Actor actor, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> HoldsAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken) => Task.FromResult(true);
}
