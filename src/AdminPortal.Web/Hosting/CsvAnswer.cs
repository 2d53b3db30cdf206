using System.Globalization;
using System.Text;
using AdminPortal.Core.Activity;
using Microsoft.Net.Http.Headers;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Streams a list as a CSV file, a chunk at a time, and records who took what: once before the first line leaves, and again
/// with the number of lines. A byte order mark comes first: without it spreadsheets read names in the machine's own encoding. A database that
/// goes away half-way breaks the answer off, so that a part never looks like the whole. Whoever sees everyone needs a fresh sign-in for it.
/// </summary>
internal static class CsvAnswer
{
    private const int LinesPerFlush = 500;

    /// <param name="action">Of the record, such as <c>devices.exported</c>.</param>
    /// <param name="asked">The filter in words.</param>
    /// <param name="header">The first line; like every line of <paramref name="line"/> with its end.</param>
    public static async Task WriteAsync<TRow>(
        HttpContext context, AuditLog audit, string fileName, string action, string asked, string header, IAsyncEnumerable<TRow> list, Func<TRow, string> line)
    {
        var (actor, cancellationToken) = (context.ToActor(), context.RequestAborted);
        if (actor.SeesEveryone)
        {
            await actor.DemandFreshAsync(cancellationToken);
        }

        await using var rows = list.GetAsyncEnumerator(cancellationToken);
        var more = await rows.MoveNextAsync(); // an outage here is still an answer of its own
        await audit.WriteAsync(actor, action, fileName, "started", asked, cancellationToken);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"{fileName}\"";
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        var (count, outcome) = (0, "stopped");
        try
        {
            await using var body = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
            await body.WriteAsync(header);
            for (; more; more = await rows.MoveNextAsync())
            {
                await body.WriteAsync(line(rows.Current));
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
            await audit.WriteAsync(
                actor, action, fileName, outcome, string.Create(CultureInfo.InvariantCulture, $"{count} lines: {asked}"), CancellationToken.None);
        }
    }

    /// <summary>UTC, as spreadsheets read it; empty for none.</summary>
    public static string Time(DateTime? at) => at?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
