using AdminPortal.Core.Accounts;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Net.Http.Headers;

namespace AdminPortal.Web.Accounts;

/// <summary>The cookie of a browser's session: set at the sign-in, and looked up on every request, so that an ended session ends with it.</summary>
internal static class SessionCookie
{
    /// <summary>Starts a session in place of the one that the request came with. False: the account was disabled meanwhile.</summary>
    /// <param name="continues">True: nobody signed in; a change ended the session, and it goes on, as fresh or stale as it was.</param>
    public static async Task<bool> StartSessionAsync(this HttpContext context, AccountSessions sessions, string accountId, ProviderSession? provider = null, bool continues = false)
    {
        var before = context.ToActor();
        if (await sessions.StartAsync(accountId, AccountSessionKind.Browser, context.RemoteAddress(), context.UserAgent(), context.RequestAborted, provider, continues ? before.SessionId : null) is not { } principal)
        {
            return false;
        }

        await context.SignInAsync(PortalSchemes.Cookie, principal, new AuthenticationProperties());
        if (before.SessionId is not null)
        {
            await sessions.SignOutAsync(before, CancellationToken.None); // nobody has its cookie any more
        }

        return true;
    }

    /// <summary>One look-up by the session's key. None for the names of a page's scripts, without which it could not even say that a database is away.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.Request.Path == "/_blazor/initializers")
        {
            return;
        }

        var actor = context.Principal!.ToActor(context.HttpContext.RemoteAddress());
        if (!await context.HttpContext.RequestServices.GetRequiredService<SessionStanding>().IsAliveAsync(actor, used: true, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(PortalSchemes.Cookie); // the browser forgets it
        }
    }

    public static string? UserAgent(this HttpContext context) => context.Request.Headers[HeaderNames.UserAgent];
}
