using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Sync;

/// <summary><c>GET /sync.csv</c>: every device of the page's filter with its verdict and sentence, in the order of their ids.</summary>
internal static class SyncExport
{
    public const string Path = "/sync.csv";

    private static readonly string Header = CsvCells.Line(
        "User id", "User", "E-mail", "Device", "Device id", "Verdict", "Since (UTC)", "Sentence", "Changes to send", "Changes behind", "Platform", "App", "Push token", "Last seen (UTC)");

    public static void MapSyncExport(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, ExportAsync).RequireAuthorization(Policies.SeesEveryone).ExcludeFromDescription();

    private static Task ExportAsync(HttpContext context, SyncStatusList devices, AuditLog audit, TimeProvider time)
    {
        var query = SyncListAddress.Parse(context.Request.QueryString.Value ?? "", out var unreadable);
        if (unreadable.Count > 0)
        {
            // Leaving a filter out would hand over more than was asked for.
            return Results.Text($"{string.Join(", ", unreadable)} cannot be read.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }

        var words = SyncSpeech.Of(null, time);
        var rows = devices.StreamAsync(context.ToActor(), query, context.RequestAborted);
        return CsvAnswer.WriteAsync(context, audit, "sync.csv", "sync.exported", SyncSpeech.Filter(query), Header, rows, row => Line(row, words));
    }

    private static string Line(SyncStanding row, SyncWords words) => CsvCells.Line(
        row.UserId, row.Person, row.UserEmail, row.Title, row.DeviceId, SyncVerdictBadge.Word(row.Verdict), CsvAnswer.Time(row.Since?.UtcDateTime), words.ForList(row),
        row.Pending?.ToString(CultureInfo.InvariantCulture), row.Behind.ToString(CultureInfo.InvariantCulture), $"{row.Platform} {row.OsVersion}".Trim(), row.AppVersion,
        row.HasPushToken ? "yes" : "no", CsvAnswer.Time(row.LastSeenAt));
}
