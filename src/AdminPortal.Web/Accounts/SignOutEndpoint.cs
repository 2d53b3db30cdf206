using AdminPortal.Core.Accounts;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.SignInProviders;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace AdminPortal.Web.Accounts;

/// <summary><c>POST /sign-out</c>, from a form with an antiforgery token.</summary>
internal static class SignOutEndpoint
{
    public static void MapSignOut(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, AccountSessions sessions, ProviderSignOut providers, CancellationToken cancellationToken)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            // A token of before another sign-in in this browser: back to the page, whose form then has a good one.
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                return TypedResults.LocalRedirect("/");
            }

            var actor = context.ToActor();
            var provider = await sessions.ProviderOfAsync(actor, cancellationToken);
            await sessions.SignOutAsync(actor, cancellationToken); // first: a cookie that was copied ends too
            await context.SignOutAsync(PortalSchemes.Cookie);
            return await providers.LeadAsync(context, provider);
        }

        return TypedResults.LocalRedirect("/sign-in?notice=signed-out");
    }
}
