using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Users;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Users;

/// <summary><c>GET /users.csv</c>: every user of the page's filter, in the order of their ids.</summary>
internal static class UserExport
{
    public const string Path = "/users.csv";

    private static readonly string Header = CsvCells.Line(
        "User id", "Name", "E-mail", "Active devices", "All devices", "Last synced (UTC)", "Joined (UTC)");

    public static void MapUserExport(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, ExportAsync).RequireAuthorization(Policies.SeesEveryone).ExcludeFromDescription();

    private static Task ExportAsync(HttpContext context, UserList users, AuditLog audit)
    {
        var filter = UserListAddress.ParseFilter(QueryText.Read(context.Request.QueryString.Value ?? ""), out var unreadable);
        if (unreadable.Count > 0)
        {
            // Leaving a filter out would hand over more than was asked for.
            return Results.Text($"{string.Join(", ", unreadable)} cannot be read.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }

        var rows = users.StreamAsync(context.ToActor(), filter, context.RequestAborted);
        return CsvAnswer.WriteAsync(context, audit, "users.csv", "users.exported", UserFilterWords.Of(filter), Header, rows, Line);
    }

    private static string Line(UserRow row) => CsvCells.Line(
        row.Id, row.Name, row.Email, row.ActiveDevices.ToString(CultureInfo.InvariantCulture), row.AllDevices.ToString(CultureInfo.InvariantCulture),
        CsvAnswer.Time(row.LastSyncedAt), CsvAnswer.Time(row.JoinedAt));
}
