using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Web.Devices;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Activity;

/// <summary><c>GET /activity.csv</c>: the whole of what the page shows with the same query; one's own lines for people who see no others.</summary>
internal static class ActivityExport
{
    private static readonly string Header = CsvCells.Line(
        "Time (UTC)", "What", "Outcome", "By", "Role", "Object", "Device id", "Person", "Reason", "Detail", "Address", "Run");

    public static void MapActivityExport(this IEndpointRouteBuilder app) =>
        app.MapGet(ActivityAddress.CsvPath, ExportAsync).RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();

    private static Task ExportAsync(HttpContext context, ActivityList activity, AuditLog audit)
    {
        var filter = ActivityAddress.Parse(context.Request.QueryString.Value ?? "", out var unreadable).Filter;
        if (unreadable.Count > 0)
        {
            // Leaving a filter out would hand over more than was asked for.
            return Results.Text($"{string.Join(", ", unreadable)} cannot be read.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }

        var asked = filter == new ActivityFilter() ? "everything" : ActivityAddress.Of(new ActivityQuery(filter));
        var rows = activity.StreamAsync(context.ToActor(), filter, context.RequestAborted);
        return CsvAnswer.WriteAsync(context, audit, "activity.csv", "activity.exported", asked, Header, rows, Line);
    }

    private static string Line(ActivityRow row) => CsvCells.Line(
        CsvAnswer.Time(row.At.UtcDateTime), ActivityWords.Of(row.Kind), row.Outcome == ActivityOutcome.Done ? "done" : "refused", ActivityWords.Who(row), row.ActorRole,
        ActivityWords.Object(row), row.DeviceId, row.Person ?? row.UserId, row.Reason,
        row.Source == ActivitySource.Devices ? HistoryWords.Detail(row.Detail) : row.Detail, row.Address, row.RunId);
}
