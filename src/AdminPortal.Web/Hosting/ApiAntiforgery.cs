using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Refuses changes under <c>/api</c> that rest on the cookie alone, which a browser sends along with any page's request. A middleware and
/// not a filter, so that no endpoint can be mapped without it. Bearers need no token: no browser adds them by itself.
/// </summary>
internal static class ApiAntiforgery
{
    public const string Header = "X-CSRF-TOKEN";

    public static void UseApiAntiforgery(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (ApiProblem.IsApi(context) && !IsSafe(context.Request.Method) && IsByCookie(context)
            && !await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            await ApiProblem.WriteAsync(context, ApiProblem.Create(
                StatusCodes.Status400BadRequest, "antiforgery-token-missing", $"Send the header {Header} with the token of GET /api/auth/csrf."));
            return;
        }

        await next(context);
    });

    private static bool IsByCookie(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme == PortalSchemes.Cookie;

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
