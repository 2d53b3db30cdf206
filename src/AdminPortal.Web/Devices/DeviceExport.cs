using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Devices;

/// <summary><c>GET /devices.csv</c>: every device of the page's filter, in the order of their pairing ids.</summary>
internal static class DeviceExport
{
    public const string Path = "/devices.csv";

    private static readonly string Header = CsvCells.Line(
        "Pairing id", "Device id", "Name", "Kind", "Person", "E-mail", "User id", "Status", "Last seen (UTC)", "Paired (UTC)", "Expires (UTC)", "Permissions",
        "Address", "Platform", "App version");

    public static void MapDeviceExport(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, ExportAsync).RequireAuthorization(Policies.SeesEveryone).ExcludeFromDescription();

    private static Task ExportAsync(HttpContext context, DeviceList devices, AuditLog audit)
    {
        var filter = DeviceFilterText.Read(QueryText.Read(context.Request.QueryString.Value ?? ""), out var unreadable);
        if (unreadable.Count > 0)
        {
            // Leaving a filter out would hand over more than was asked for.
            return Results.Text($"{string.Join(", ", unreadable)} cannot be read.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }

        var rows = devices.StreamAsync(context.ToActor(), filter, context.RequestAborted);
        return CsvAnswer.WriteAsync(context, audit, "devices.csv", "devices.exported", DeviceFilterWords.Of(filter), Header, rows, Line);
    }

    private static string Line(DeviceRow row) => CsvCells.Line(
        row.Id, row.DeviceId, row.Name, DeviceTypeLabels.Of(row.Type), row.UserName, row.UserEmail, row.UserId, row.Status.ToString().ToLowerInvariant(),
        CsvAnswer.Time(row.LastSeenAt), CsvAnswer.Time(row.PairedAt), CsvAnswer.Time(row.ExpiresAt), row.ScopesInForce.ToString(CultureInfo.InvariantCulture),
        row.Address, row.Platform, row.AppVersion);
}
