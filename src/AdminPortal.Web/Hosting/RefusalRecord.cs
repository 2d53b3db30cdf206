using AdminPortal.Core.Activity;

namespace AdminPortal.Web.Hosting;

/// <summary>Requests that were refused for who sent them, or for a wrong secret, are in the record.</summary>
internal static class RefusalRecord
{
    /// <summary>Before the sign-in is looked up, so that it sees what that answers.</summary>
    public static void UseRefusalRecord(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        var sentAway = context.Response.StatusCode == StatusCodes.Status302Found && context.Response.Headers.Location.ToString().Contains("/not-allowed", StringComparison.Ordinal);
        if (context.Response.StatusCode == StatusCodes.Status403Forbidden || sentAway)
        {
            var route = context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } ? $"/{pattern.Trim('/')}" : "/…";
            await context.RequestServices.GetRequiredService<RefusedAttempts>()
                .NoteAsync(context.ToActor(), $"{context.Request.Method} {route}", ApiProblem.NameOf(context) ?? "forbidden");
        }
    });
}
