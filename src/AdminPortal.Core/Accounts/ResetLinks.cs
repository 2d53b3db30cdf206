using System.Globalization;
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
/// changes, and to the number of the link: a used link is dead, and so is every one but the newest of that account.
/// </summary>
public sealed class ResetLinks(IOptions<PortalOptions> portal, TimeProvider time)
{
    /// <summary>The account is changed by it, and has to be saved.</summary>
    internal async Task<ResetLink> CreateAsync(UserManager<Account> users, Account account)
    {
        account.ResetLinks++;
        var token = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(await users.GenerateUserTokenAsync(account, TokenOptions.DefaultProvider, Purpose(account))));
        return new ResetLink(
            QueryHelpers.AddQueryString(
                $"{portal.Value.PublicUrl.TrimEnd('/')}/reset-password", new Dictionary<string, string?> { ["account"] = account.Id, ["token"] = token }),
            time.GetUtcNow() + SignInRules.ResetLink);
    }

    /// <summary>True: it is the token of the account's newest link, and was not used.</summary>
    internal static async Task<bool> VerifyAsync(UserManager<Account> users, Account account, string token)
    {
        try
        {
            return await users.VerifyUserTokenAsync(account, TokenOptions.DefaultProvider, Purpose(account), Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Purpose(Account account) => string.Create(CultureInfo.InvariantCulture, $"reset-link-{account.ResetLinks}");
}
