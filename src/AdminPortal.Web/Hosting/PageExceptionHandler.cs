using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.Diagnostics;

namespace AdminPortal.Web.Hosting;

/// <summary>What an exception of a page becomes. The API's: <see cref="ApiExceptionHandler"/>.</summary>
internal sealed class PageExceptionHandler(DeviceDatabases databases, ILogger<PageExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (ApiProblem.IsApi(httpContext))
        {
            return false;
        }

        if (exception is StandingLostException && !httpContext.Response.HasStarted)
        {
            httpContext.Response.Redirect("/sign-in");
            return true;
        }

        await PageProblem.WriteAsync(httpContext, (await FailureStatus.OfAsync(httpContext, exception, databases, logger)).Status);
        return true;
    }
}
