using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Errors of pages: a page with a way forward. It is written on the spot and not by sending the request through the portal
/// again, because signing people in, which comes on that way, needs the database that may be away.
/// </summary>
internal static class PageProblem
{
    public static async Task WriteAsync(HttpContext context, int status)
    {
        var services = context.RequestServices;
        await using var fresh = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope(); // what failed may have left its services half-way
        context.RequestServices = fresh.ServiceProvider;
        try
        {
            var theme = Theme.Of(context.Request);
            context.Response.Headers.CacheControl = "no-store";
            if (status == StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers["Refresh"] = FailureStatus.RetryAfter; // the page comes back by itself
            }

            await new RazorComponentResult<ErrorDocument>(new { Status = status, ThemeName = theme.Name, theme.ColorScheme }) { StatusCode = status }
                .ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }

    /// <summary>
    /// Puts a page into refusals without one, such as that of a form whose antiforgery token is old. Not for 404, which has
    /// a page of the portal's own. The framework's status pages skip what has a content type, and these do.
    /// </summary>
    public static void UsePageRefusals(this IApplicationBuilder pages) => pages.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response is { HasStarted: false, ContentLength: null, StatusCode: >= 400 and not StatusCodes.Status404NotFound })
        {
            var status = context.Response.StatusCode;
            context.Response.Clear();
            context.SetEndpoint(null); // the page that refused has left its own marks on the request
            context.Request.RouteValues.Clear();
            await WriteAsync(context, status);
        }
    });
}
