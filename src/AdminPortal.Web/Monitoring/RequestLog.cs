using System.Diagnostics;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Diagnostics;

namespace AdminPortal.Web.Monitoring;

/// <summary>
/// One line of the log for each request: method, path, status, time, trace id, who asked (the account's id) and from where, each a field of its own
/// for formatters that write them. No query, header or body. A path that leads nowhere is not written either: it can hold anything.
/// </summary>
internal static partial class RequestLog
{
    public const string Category = "AdminPortal.Requests";

    /// <summary>What the browser asks for by itself, and what probes ask all day: worth a line only to somebody who looks for them.</summary>
    private static readonly string[] Minor = ["/_blazor", "/_framework", "/_content", "/api/health", "/health"];

    /// <summary>Goes first, so that it sees the answer as it leaves.</summary>
    public static void UseRequestLog(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        app.Use(async (context, next) =>
        {
            var (began, threw) = (Stopwatch.GetTimestamp(), true);
            try
            {
                await next(context);
                threw = false;
            }
            finally
            {
                Write(logger, context, threw ? StatusCodes.Status500InternalServerError : context.Response.StatusCode, Stopwatch.GetElapsedTime(began));
            }
        });
    }

    private static void Write(ILogger logger, HttpContext context, int status, TimeSpan took)
    {
        var level = status >= StatusCodes.Status500InternalServerError ? LogLevel.Warning : IsMinor(context) ? LogLevel.Debug : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            var trace = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
            Answered(logger, level, context.Request.Method, PathOf(context), status, Math.Round(took.TotalMilliseconds, 1), trace, context.ToActor().Id, context.RemoteAddress());
        }
    }

    private static bool IsMinor(HttpContext context) =>
        Path.HasExtension(context.Request.Path.Value) || Array.Exists(Minor, prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal));

    private static string PathOf(HttpContext context)
    {
        // Once an exception was answered the endpoint is only there.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        if (endpoint is not RouteEndpoint || context.Response.StatusCode == StatusCodes.Status404NotFound)
        {
            return ApiProblem.IsApi(context) ? "/api/…" : "/…";
        }

        var path = context.Request.Path.Value ?? "/";
        return path.Any(char.IsControl) ? new string([.. path.Where(c => !char.IsControl(c))]) : path;
    }

    [LoggerMessage(EventId = 1, Message = "{Method} {Path} {Status} {Milliseconds} ms {TraceId} {Actor} {Address}")]
    private static partial void Answered(ILogger logger, LogLevel level, string method, string path, int status, double milliseconds, string traceId, string actor, string? address);
}
