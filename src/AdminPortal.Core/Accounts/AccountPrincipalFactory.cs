using System.Security.Claims;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>Names of the claims that the portal adds to Identity's own.</summary>
public static class AccountClaims
{
    /// <summary>The person's id in <c>users</c> of the primary target; absent when not linked.</summary>
    public const string AppUserId = "app_user_id";

    /// <summary>The id of the <see cref="AccountSession"/>.</summary>
    public const string Session = "sid";

    /// <summary>How often a program's refresh token had been exchanged when this was signed.</summary>
    public const string Refreshes = "refreshes";
}

/// <summary>Makes the principal of an account: its one role and its link come from the account's row.</summary>
internal sealed class AccountPrincipalFactory(UserManager<Account> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Account>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(identity.RoleClaimType, user.Role.ToString()));
        if (user.AppUserId is { } appUserId)
        {
            identity.AddClaim(new Claim(AccountClaims.AppUserId, appUserId));
        }

        return identity;
    }
}
