using System.Security.Cryptography;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>Who knew the password, for the ten minutes in which the second factor may follow. It opens nothing but that page.</summary>
internal sealed class StartedSignIn(IDataProtectionProvider protection, IOptions<PortalOptions> portal)
{
    internal sealed record Started(string AccountId, string Stamp, string ReturnUrl);

    private const char Separator = '\n';
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    private readonly string name = PortalCookies.NameOf("adminportal-started", portal.Value);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("AdminPortal.StartedSignIn").ToTimeLimitedDataProtector();

    public void Keep(HttpContext context, Started started) => context.Response.Cookies.Append(
        name, protector.Protect(string.Join(Separator, started.AccountId, started.Stamp, started.ReturnUrl), Lasts), Options(context));

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(name, Options(context));

    public Started? Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[name] is { Length: > 0 } cookie && protector.Unprotect(cookie).Split(Separator) is [var id, var stamp, var returnUrl]
                ? new Started(id, stamp, returnUrl) : null;
        }
        catch (CryptographicException)
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
