using System.Globalization;
using System.Text;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Web.Devices;
using AdminPortal.Web.Hosting;
using Microsoft.Net.Http.Headers;

namespace AdminPortal.Web.Activity;

/// <summary>
/// <c>GET /activity.csv</c>: what the page shows with the same query, whole, streamed in chunks. Recorded with its filter and
/// count. A database that goes away half-way breaks the answer off, so that a part never looks like the whole.
/// </summary>
internal static class ActivityExport
{
    private const int LinesPerFlush = 500;

    public static void MapActivityExport(this IEndpointRouteBuilder app) =>
        app.MapGet(ActivityAddress.CsvPath, ExportAsync).RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();

    private static async Task ExportAsync(HttpContext context, ActivityList activity, AuditLog audit)
    {
        var actor = context.ToActor();
        var (filter, _) = ActivityAddress.Parse(context.Request.QueryString.Value ?? "");
        var cancellationToken = context.RequestAborted;
        await using var rows = activity.StreamAsync(actor, filter, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await rows.MoveNextAsync(); // an outage here is still an answer of its own
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers[HeaderNames.ContentDisposition] = "attachment; filename=\"activity.csv\"";
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        var (count, outcome) = (0, "failed");
        try
        {
            await using var body = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            await body.WriteAsync(CsvCells.Line("Time (UTC)", "What", "Outcome", "By", "Role", "Object", "Device id", "Person", "Reason", "Detail", "Address", "Run"));
            for (; more; more = await rows.MoveNextAsync())
            {
                await body.WriteAsync(Line(rows.Current));
                if (++count % LinesPerFlush == 0)
                {
                    await body.FlushAsync(cancellationToken);
                }
            }

            outcome = "ok";
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            context.Abort();
            throw;
        }
        finally
        {
            var asked = filter == new ActivityFilter() ? "everything" : ActivityAddress.Of(filter);
            await audit.WriteAsync(
                actor, "activity.exported", null, outcome, string.Create(CultureInfo.InvariantCulture, $"{count} lines: {asked}"), CancellationToken.None);
        }
    }

    private static string Line(ActivityRow row) => CsvCells.Line(
        row.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), ActivityWords.Of(row.Kind), row.Outcome == ActivityOutcome.Done ? "done" : "refused",
        ActivityWords.Who(row), row.ActorRole, ActivityWords.Object(row), row.DeviceId, row.Person ?? row.UserId, row.Reason,
        row.Source == ActivitySource.Devices ? HistoryWords.Detail(row.Detail) : row.Detail, row.Address, row.RunId);
}
