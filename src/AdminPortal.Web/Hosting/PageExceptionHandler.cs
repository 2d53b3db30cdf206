using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Accounts;
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

        // A link that leads to a file. A program has no page to confirm on: it signs in again.
        if (exception is FreshSignInNeededException && !httpContext.Response.HasStarted && HttpMethods.IsGet(httpContext.Request.Method) && httpContext.Request.Headers.Authorization.Count == 0)
        {
            httpContext.Response.Redirect(ConfirmPage.AddressFor(httpContext.Request.Path + httpContext.Request.QueryString));
            return true;
        }

        await PageProblem.WriteAsync(httpContext, (await FailureStatus.OfAsync(httpContext, exception, databases, logger)).Status);
        return true;
    }
}
