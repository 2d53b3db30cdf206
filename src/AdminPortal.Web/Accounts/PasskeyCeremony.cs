using System.Security.Cryptography;
using System.Text.Json;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>
/// What passes between a browser and the portal when a passkey is made or shown. The challenge waits in a protected cookie of five minutes that is
/// good for one answer; Identity's own handler judges the answer.
/// </summary>
internal sealed class PasskeyCeremony(IPasskeyHandler<Account> handler, UserManager<Account> users, Passkeys passkeys, IDataProtectionProvider protection, IOptions<PortalOptions> portal)
{
    private const int Longest = 16 * 1024;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);
    private readonly string name = PortalCookies.NameOf("adminportal-passkey", portal.Value);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("AdminPortal.Passkey").ToTimeLimitedDataProtector();

    /// <param name="AccountId">Whose passkey is being made; null: one is being shown.</param>
    private sealed record Waiting(string? AccountId, string State);

    /// <summary>Where a browser takes no passkeys for this portal: WebAuthn knows names, and no addresses of numbers.</summary>
    public static bool IsPossible(PortalOptions portal) => new Uri(portal.PublicUrl).HostNameType is UriHostNameType.Dns;

    /// <summary>What a browser needs to make one for the signed-in account.</summary>
    public async Task<string> BeginMakingAsync(HttpContext context, string accountId)
    {
        var account = await users.FindByIdAsync(accountId) ?? throw new StandingLostException();
        var options = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = account.Id, Name = account.Email!, DisplayName = account.Email! }, context);
        Keep(context, new Waiting(account.Id, options.AttestationState!));
        return options.CreationOptionsJson;
    }

    /// <summary>What a browser needs to show one, of whichever account.</summary>
    public async Task<string> BeginShowingAsync(HttpContext context)
    {
        var options = await handler.MakeRequestOptionsAsync(null, context);
        Keep(context, new Waiting(null, options.AssertionState!));
        return options.RequestOptionsJson;
    }

    /// <summary>Null: it is not a good passkey for this account and this moment.</summary>
    public async Task<UserPasskeyInfo?> MadeAsync(HttpContext context, string? credential, string accountId)
    {
        if (Take(context) is not { AccountId: { } meant, State: var state } || meant != accountId || credential is not { Length: > 0 and <= Longest })
        {
            return null;
        }

        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = state });
        return result.Succeeded && result.UserEntity.Id == accountId ? result.Passkey : null;
    }

    /// <summary>Who showed a passkey, and whether they may sign in; wrong ones are on record.</summary>
    public async Task<SignInOutcome> ShownAsync(HttpContext context, string? credential, bool signsIn = false)
    {
        if (Take(context) is { AccountId: null, State: var state } && credential is { Length: > 0 and <= Longest })
        {
            var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = state });
            if (result.Succeeded)
            {
                return await passkeys.UseAsync(result.User, result.Passkey, signsIn, context.RemoteAddress(), context.RequestAborted);
            }
        }

        await passkeys.RefuseAsync(context.RemoteAddress(), "not a good one, or too late");
        return new SignInOutcome.Wrong();
    }

    private void Keep(HttpContext context, Waiting waiting) => context.Response.Cookies.Append(name, protector.Protect(JsonSerializer.Serialize(waiting), Lasts), Options(context));

    private Waiting? Take(HttpContext context)
    {
        var cookie = context.Request.Cookies[name];
        context.Response.Cookies.Delete(name, Options(context));
        try
        {
            return cookie is { Length: > 0 } ? JsonSerializer.Deserialize<Waiting>(protector.Unprotect(cookie)) : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null; // forged, or too old
        }
    }

    private CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = "/",
        SameSite = SameSiteMode.Strict,
        Secure = PortalCookies.Secure(portal.Value) is CookieSecurePolicy.Always || context.Request.IsHttps,
    };
}
