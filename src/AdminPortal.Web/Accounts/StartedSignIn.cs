using System.Security.Cryptography;
using System.Text.Json;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>Who knew the password or came from a provider, for the ten minutes in which the second factor may follow. It opens nothing but that page.</summary>
internal sealed class StartedSignIn(IDataProtectionProvider protection, IOptions<PortalOptions> portal)
{
    /// <param name="Provider">The sign-in there; null: a password.</param>
    internal sealed record Started(string AccountId, string Stamp, string ReturnUrl, ProviderSession? Provider = null);

    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    private readonly string name = PortalCookies.NameOf("adminportal-started", portal.Value);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("AdminPortal.StartedSignIn").ToTimeLimitedDataProtector();

    public void Keep(HttpContext context, Started started) => context.Response.Cookies.Append(
        name, protector.Protect(JsonSerializer.Serialize(started), Lasts), Options(context));

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(name, Options(context));

    public Started? Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[name] is { Length: > 0 } cookie ? JsonSerializer.Deserialize<Started>(protector.Unprotect(cookie)) : null;
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
        SameSite = SameSiteMode.Lax, // the way back from a provider begins on another site
        Secure = PortalCookies.Secure(portal.Value) is CookieSecurePolicy.Always || context.Request.IsHttps,
    };
}
