using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;

namespace AdminPortal.Web.Accounts;

/// <summary>Signs an open page out when its account was disabled or changed; a circuit has no requests that would notice.</summary>
internal sealed class AccountRevalidation(ILoggerFactory loggers, IServiceScopeFactory scopes) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => SignInRules.Revalidation;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await PersonBearerHandler.IsAliveAsync(
                scope.ServiceProvider.GetRequiredService<SignInManager<Account>>(), authenticationState.User);
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return true; // the portal's database is away, not the account; every write asks again
        }
    }
}
