using System.Collections.Concurrent;
using System.Security.Claims;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Who may open the connection of a page: only a page of the portal itself, since browsers let any page open sockets with this one's
/// cookies; and only so many at a time of one account.
/// </summary>
internal sealed class CircuitRules(RequestDelegate next, IOptions<PortalOptions> portal, IOptions<AccountSessionOptions> sessions)
{
    public const string Address = "/_blazor";
    private readonly ConcurrentDictionary<string, int> open = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Address, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        if (!IsOwn(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest || context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } account)
        {
            await next(context);
            return;
        }

        try
        {
            if (open.AddOrUpdate(account, 1, (_, count) => count + 1) <= sessions.Value.OpenPages)
            {
                await next(context); // as long as the page is open
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            }
        }
        finally
        {
            if (open.AddOrUpdate(account, 0, (_, count) => count - 1) == 0)
            {
                open.TryRemove(new KeyValuePair<string, int>(account, 0));
            }
        }
    }

    /// <summary>Programs send no Origin, and have no cookies of somebody else.</summary>
    private bool IsOwn(HttpRequest request) =>
        request.Headers.Origin.ToString() is not { Length: > 0 } origin
        || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && (IsSame(from, $"{from.Scheme}://{request.Host}") || IsSame(from, portal.Value.PublicUrl)));

    private static bool IsSame(Uri from, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var own) && string.Equals(from.Authority, own.Authority, StringComparison.OrdinalIgnoreCase);
}

internal static class CircuitRulesExtensions
{
    public static void UseCircuitRules(this IApplicationBuilder app) => app.UseMiddleware<CircuitRules>();

    /// <summary>Pages know GET and POST only: a question for the head of one is answered as GET is, without the body.</summary>
    public static void UseHeadOfPages(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method) && !ApiProblem.IsApi(context))
        {
            context.Request.Method = HttpMethods.Get;
            context.Response.Body = Stream.Null;
        }

        return next(context);
    });
}
