using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.Diagnostics;

namespace AdminPortal.Web.Hosting;

/// <summary>What an exception under <c>/api</c> becomes: never a stack trace. Pages have their own error page.</summary>
internal sealed class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!ApiProblem.IsApi(httpContext))
        {
            return false;
        }

        await ApiProblem.WriteAsync(httpContext, ApiProblem.For(StatusFor(httpContext, exception)));
        return true;
    }

    private int StatusFor(HttpContext context, Exception exception)
    {
        // First: a bad request is an IOException too, and those are outages below.
        if (exception is BadHttpRequestException bad)
        {
            return bad.StatusCode;
        }

        if (TargetAvailability.IsOutage(exception))
        {
            logger.LogWarning("{Method} {Path}: a database is away ({Error}).", context.Request.Method, context.Request.Path, exception.Message);
            context.Response.Headers.RetryAfter = "5";
            return StatusCodes.Status503ServiceUnavailable;
        }

        if (exception is UnauthorizedAccessException)
        {
            return StatusCodes.Status403Forbidden;
        }

        logger.LogError(exception, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
        return StatusCodes.Status500InternalServerError;
    }
}
