using AdminPortal.Core.Backups;
using AdminPortal.Web.Hosting;
using Microsoft.Net.Http.Headers;

namespace AdminPortal.Web.Backups;

/// <summary><c>GET /backups/{id}/file</c>: the file of a backup, streamed, for admins; each one is on record.</summary>
internal static class BackupDownloadEndpoint
{
    public const string Path = "/backups/{id}/file";

    public static void MapBackupDownload(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, DownloadAsync).RequireAuthorization(Policies.Admin).ExcludeFromDescription();

    private static async Task<IResult> DownloadAsync(HttpContext context, string id, BackupDownloads downloads)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return await downloads.OpenAsync(context.ToActor(), id, context.RequestAborted) switch
        {
            BackupDownload.Ready ready => Results.File(ready.File, "application/octet-stream", ready.FileName),
            BackupDownload.NotAllowed => Results.StatusCode(StatusCodes.Status403Forbidden),
            BackupDownload.NotFound gone => Results.Text(gone.Problem ?? "There is no such backup, or it has no file.", statusCode: StatusCodes.Status404NotFound),
            _ => throw new InvalidOperationException("Not an outcome of asking for a file."),
        };
    }
}
