using System.Diagnostics;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminPortal.Web.Hosting;

/// <summary>What an exception outside <c>/api</c> becomes: a page with a way forward. The API has <see cref="ApiExceptionHandler"/>.</summary>
internal static class PageErrors
{
    public static void UsePageErrors(this IApplicationBuilder app) => app.UseWhen(
        context => !ApiProblem.IsApi(context),
        pages => pages.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerAsync }));

    private static Task AnswerAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerPathFeature>() ?? throw new InvalidOperationException("There is no error to answer.");
        var outage = TargetAvailability.IsOutage(error.Error);
        if (outage)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        var trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        var document = new RazorComponentResult<ErrorDocument>(new { Outage = outage, TraceId = trace, Address = error.Path })
        {
            StatusCode = outage ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        };
        return document.ExecuteAsync(context);
    }
}
