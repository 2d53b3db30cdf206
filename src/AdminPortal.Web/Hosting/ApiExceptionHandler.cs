using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.Diagnostics;

namespace AdminPortal.Web.Hosting;

/// <summary>What an exception under <c>/api</c> becomes: never a stack trace. Pages: <see cref="PageExceptionHandler"/>.</summary>
internal sealed class ApiExceptionHandler(DeviceDatabases databases, ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!ApiProblem.IsApi(httpContext))
        {
            return false;
        }

        var (status, cause) = await FailureStatus.OfAsync(httpContext, exception, databases, logger);
        var problem = ApiProblem.For(status);
        problem.Detail ??= cause;
        await ApiProblem.WriteAsync(httpContext, problem);
        return true;
    }
}
