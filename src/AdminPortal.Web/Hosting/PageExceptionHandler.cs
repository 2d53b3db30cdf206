using Microsoft.AspNetCore.Diagnostics;

namespace AdminPortal.Web.Hosting;

/// <summary>What an exception of a page becomes. The API's: <see cref="ApiExceptionHandler"/>.</summary>
internal sealed class PageExceptionHandler(ILogger<PageExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (ApiProblem.IsApi(httpContext))
        {
            return false;
        }

        await PageProblem.WriteAsync(httpContext, FailureStatus.Of(httpContext, exception, logger));
        return true;
    }
}
