using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using Microsoft.AspNetCore.Components.Authorization;

namespace AdminPortal.Web.Hosting;

/// <summary>Who uses this page: the signed-in person, and the address from which the page was opened.</summary>
internal sealed class CurrentActor(AuthenticationStateProvider authentication, IActorStanding standing)
{
    /// <summary>Set by <c>Routes</c> when the circuit starts: a circuit has no request to ask.</summary>
    public string? Address { get; set; }

    public async Task<Actor> GetAsync() => (await authentication.GetAuthenticationStateAsync()).User.ToActor(Address).Of(standing);
}
