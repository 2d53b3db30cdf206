using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminPortal.Web.Hosting;

/// <summary>The guides' envelope around every success body.</summary>
public sealed record ApiEnvelope<T>(bool Success, T Data);

/// <summary>How the API answers: the envelope for success, RFC 9457 problem details with <c>"success": false</c> for the rest.</summary>
internal static class ApiResults
{
    /// <summary>Problem types are names, not addresses: RFC 9457 allows any URI, and a URN promises no page.</summary>
    public static string TypeUri(string name) => $"urn:adminportal:problem:{name}";

    public static JsonHttpResult<ApiEnvelope<T>> Ok<T>(T data, int statusCode = StatusCodes.Status200OK) =>
        TypedResults.Json(new ApiEnvelope<T>(true, data), statusCode: statusCode);

    /// <param name="name">The kebab-case name in which <c>type</c> ends.</param>
    /// <param name="detail">One sentence for the person at the device: what happened and what to do.</param>
    public static IResult Problem(int statusCode, string name, string detail) =>
        TypedResults.Problem(detail, statusCode: statusCode, type: TypeUri(name), extensions: [new("success", false)]);

    public static IResult Invalid(string detail) => Problem(StatusCodes.Status400BadRequest, "invalid-request", detail);

    public static IResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "not-found", detail);

    public static IResult Forbidden(string detail) => Problem(StatusCodes.Status403Forbidden, "forbidden", detail);

    public static IResult TooMany(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many tries. Wait as long as Retry-After says.");
    }
}
