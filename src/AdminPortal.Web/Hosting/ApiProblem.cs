using System.Globalization;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Scim;
using Microsoft.AspNetCore.Mvc;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Errors of the API: RFC 9457 problem details with <c>"success":false</c> beside, and a <c>type</c> that ends in a kebab-case name
/// for programs to switch on.
/// </summary>
internal static class ApiProblem
{
    public const string TypePrefix = "urn:adminportal:problem:";
    private const string ContentType = "application/problem+json";

    public static ProblemDetails Create(int status, string name, string title, string? detail = null) =>
        Complete(new ProblemDetails { Status = status, Type = TypePrefix + name, Title = title, Detail = detail });

    /// <summary>An endpoint's answer. <paramref name="retryAfter"/> becomes the header, in whole seconds.</summary>
    /// <param name="extensions">Members besides those of every problem.</param>
    public static IResult Result(
        int status, string name, string title, string? detail = null, TimeSpan? retryAfter = null, Dictionary<string, object?>? extensions = null)
    {
        var problem = Create(status, name, title, detail);
        foreach (var (key, value) in extensions ?? [])
        {
            problem.Extensions[key] = value;
        }

        return new ProblemResult(problem, retryAfter);
    }

    /// <summary>The name of the problem that answers this request; null: none does, or not yet.</summary>
    public static string? NameOf(HttpContext context) => context.Items[typeof(ApiProblem)] as string;

    public static ProblemDetails Unauthorized() => Create(StatusCodes.Status401Unauthorized, "sign-in-required", "Sign in, or send a bearer token.");

    public static ProblemDetails Forbidden() => Create(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.");

    /// <summary>For a status that was set without a body.</summary>
    public static ProblemDetails For(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Create(status, "invalid-request", "The request is not valid."),
        StatusCodes.Status401Unauthorized => Unauthorized(),
        StatusCodes.Status403Forbidden => Forbidden(),
        StatusCodes.Status404NotFound => Create(status, "not-found", "There is nothing here."),
        StatusCodes.Status405MethodNotAllowed => Create(status, "method-not-allowed", "This address does not know this method."),
        StatusCodes.Status413PayloadTooLarge => Create(status, "request-too-large", "The body is too large."),
        StatusCodes.Status415UnsupportedMediaType => Create(status, "unsupported-media-type", "Send application/json."),
        StatusCodes.Status429TooManyRequests => Create(status, "too-many-requests", "Too many requests. Try again later."),
        StatusCodes.Status503ServiceUnavailable => Create(status, "database-unavailable", "A database is away or not migrated yet. Try again soon."),
        >= 500 => Create(status, "internal-error", "Something failed on the server. It has been logged."),
        _ => Create(status, "request-refused", "The request was refused."),
    };

    /// <summary>Adds what every problem has here; also to those that the framework makes.</summary>
    public static ProblemDetails Complete(ProblemDetails problem)
    {
        if (problem.Type?.StartsWith(TypePrefix, StringComparison.Ordinal) != true)
        {
            problem.Type = For(problem.Status ?? StatusCodes.Status500InternalServerError).Type;
        }

        problem.Extensions["success"] = false;
        return problem;
    }

    /// <summary>Writes it whatever the request accepts: a program that asked for something else still gets a reason.</summary>
    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Items[typeof(ApiProblem)] = problem.Type?[(problem.Type.LastIndexOf(':') + 1)..];
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(problem, options: null, ContentType, context.RequestAborted);
    }

    /// <summary>True for what programs call; the page that describes the API is for people.</summary>
    public static bool IsApi(HttpContext context) =>
        (context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments(ApiDocument.Page)) || context.Request.Path.StartsWithSegments(ScimEndpoints.Root);

    private sealed class ProblemResult(ProblemDetails problem, TimeSpan? retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (retryAfter is { } wait)
            {
                httpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            return WriteAsync(httpContext, problem);
        }
    }
}
