using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using AdminPortal.Core.Sync.Protocol;
using Npgsql;

namespace AdminPortal.Web.Sync;

/// <summary>
/// All pages of a pull in one answer, a change a line. Each page is read in its turn and sent without one, so that a slow device holds up
/// nobody; the line of its cursor lets the device go on from there, should the rest get lost.
/// </summary>
internal sealed class PullStream(PullOutcome.Done first, PullWish wish, SyncCaller caller, SyncPull pull, SyncAnswer answer, TimeProvider time) : IResult
{
    public const string ContentType = "application/x-ndjson";

    /// <summary>Whether the device may still read is asked with its next request.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        answer.IsStreamed = true;
        httpContext.Response.ContentType = ContentType;
        var (turn, began, page) = (httpContext.Features.Get<SyncTurn>()!, time.GetTimestamp(), first);
        while (true)
        {
            turn.GiveBack();
            var goesOn = page.HasMore && time.GetElapsedTime(began) < Longest;
            await SendAsync(httpContext, page);
            if (!goesOn)
            {
                return;
            }

            switch (await NextAsync(turn, page.Cursor, httpContext.RequestAborted))
            {
                case PullOutcome.Done next:
                    page = next;
                    answer.Note(next);
                    break;
                case var refused:
                    await WaitAsync(httpContext, (refused as PullOutcome.Refused)?.Reason.Type ?? "sync-unavailable");
                    return;
            }
        }
    }

    /// <summary>Null: not now.</summary>
    private async Task<PullOutcome?> NextAsync(SyncTurn turn, string cursor, CancellationToken cancellationToken)
    {
        try
        {
            return await turn.TakeAsync(caller.UserId, cancellationToken) ? await pull.PullAsync(caller, wish with { Cursor = cursor }, cancellationToken) : null;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private async Task SendAsync(HttpContext context, PullOutcome.Done page)
    {
        var body = context.Response.BodyWriter;
        foreach (var change in page.Changes)
        {
            Line(body, change);
        }

        Line(body, new PullMark(page.Cursor, page.HasMore, page.Head, time.GetUtcNow()));
        await body.FlushAsync(context.RequestAborted);
    }

    private static async Task WaitAsync(HttpContext context, string problem)
    {
        Line(context.Response.BodyWriter, new { problem });
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Line<T>(PipeWriter body, T value)
    {
        using (var json = new Utf8JsonWriter(body))
        {
            JsonSerializer.Serialize(json, value, JsonSerializerOptions.Web);
        }

        body.Write("\n"u8);
    }

    private sealed record PullMark(string Cursor, bool HasMore, long Head, DateTimeOffset ServerTime);
}
