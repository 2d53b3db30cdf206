using System.Text;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>A link to choose a new password with: works once, until <paramref name="ExpiresAt"/>. As secret as a password.</summary>
public sealed record ResetLink(string Url, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"ResetLink until {ExpiresAt:O}"; // never the link, wherever this is logged
}

/// <summary>
/// Makes and reads reset links. Identity binds the token to the account's security stamp, which the new password
/// changes: a used link is dead, and so is every other one for that account.
/// </summary>
public sealed class ResetLinks(IOptions<PortalOptions> portal, TimeProvider time)
{
    internal async Task<ResetLink> CreateAsync(UserManager<Account> users, Account account)
    {
        var token = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(await users.GeneratePasswordResetTokenAsync(account)));
        return new ResetLink(
            QueryHelpers.AddQueryString(
                $"{portal.Value.PublicUrl.TrimEnd('/')}/reset-password", new Dictionary<string, string?> { ["account"] = account.Id, ["token"] = token }),
            time.GetUtcNow() + SignInRules.ResetLink);
    }

    /// <summary>Identity's token out of the link's; null when it is not one.</summary>
    internal static string? Decode(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
