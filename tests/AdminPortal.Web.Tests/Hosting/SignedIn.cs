using System.Security.Claims;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Components.Authorization;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>Who looks at a component that is rendered alone.</summary>
internal sealed class SignedIn(string accountId, AccountRole role) : AuthenticationStateProvider
{
    public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, accountId), new Claim(ClaimTypes.Role, role.ToString())], "test"))));
}
