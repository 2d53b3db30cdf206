using AdminPortal.Core.Targets;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>The headers that every answer carries. Scripts come from files of the portal only; there is no inline script.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        var policy = ContentSecurityPolicy(app.ApplicationServices.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl);
        app.Use((context, next) =>
        {
            // At the start of the answer, so that a header of the framework with a laxer value is replaced.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.Location = Here(context.Request, headers.Location.ToString());
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer"; // links with one-time tokens stay here
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
                headers[ServerInstance.Header] = ServerInstance.Id;
                if (ApiProblem.IsApi(context) && headers.CacheControl.Count == 0)
                {
                    headers.CacheControl = "no-store"; // tokens and people's data
                }

                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    /// <summary>An address of the portal itself without the host, which whoever asked could have made up; others and none as they are.</summary>
    private static string? Here(HttpRequest request, string location) =>
        location.StartsWith($"{request.Scheme}://{request.Host}/", StringComparison.OrdinalIgnoreCase)
            ? location[$"{request.Scheme}://{request.Host}".Length..]
            : location.Length == 0 ? null : location;

    /// <summary>Older browsers do not count web sockets of the same host as 'self', so they are named.</summary>
    private static string ContentSecurityPolicy(string publicUrl)
    {
        var url = new Uri(publicUrl);
        var socket = $"{(url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws")}://{url.Authority}";
        return string.Join("; ",
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'", // MudBlazor positions with style attributes, and animates its messages with style elements
            "img-src 'self' data:",
            "font-src 'self' data:",
            $"connect-src 'self' {socket}",
            "object-src 'none'",
            "base-uri 'self'", // pages work from a base of '/'; no other host can be one
            "form-action 'self'",
            "frame-ancestors 'none'");
    }
}
