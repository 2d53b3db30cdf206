using System.Security.Cryptography;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>
/// A cookie that says who signed in with this browser before. It opens nothing: it only keeps strangers' wrong passwords from standing in the
/// way of the person's right one.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection, IOptions<PortalOptions> portal, TimeProvider time)
{
    private const int MostAccounts = 20;
    private const char Separator = '|';
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(180);
    private readonly string name = PortalCookies.NameOf("adminportal-browser", portal.Value);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("AdminPortal.KnownBrowser").ToTimeLimitedDataProtector();

    public SignInSource SourceOf(HttpContext context) =>
        Read(context) is [var browser, .. var accounts] ? new SignInSource(context.RemoteAddress(), browser, accounts) : new SignInSource(context.RemoteAddress());

    /// <summary>After a sign-in; those before are forgotten when there are many.</summary>
    public void Remember(HttpContext context, string accountId)
    {
        var known = Read(context);
        string[] now = [known is [var browser, ..] ? browser : Ids.New(), accountId, .. known.Skip(1).Where(id => id != accountId).Take(MostAccounts - 1)];
        context.Response.Cookies.Append(name, protector.Protect(string.Join(Separator, now), Lasts), new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = PortalCookies.Secure(portal.Value) is CookieSecurePolicy.Always || context.Request.IsHttps,
            Expires = time.GetUtcNow() + Lasts,
        });
    }

    private string[] Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[name] is { Length: > 0 } cookie ? protector.Unprotect(cookie).Split(Separator) : [];
        }
        catch (CryptographicException)
        {
            return []; // forged, too old, or of another portal
        }
    }
}
