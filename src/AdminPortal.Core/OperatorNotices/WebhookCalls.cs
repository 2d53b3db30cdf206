using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>
/// Makes the calls that are due, one at a time, signed as in the Standard Webhooks specification. The try is written down before it is made, so that two
/// instances never make the same one; a process that dies in between calls again with the same id.
/// </summary>
public sealed class WebhookCalls(IDbContextFactory<PortalDbContext> contexts, IOptions<WebhookOptions> options, TimeProvider time) : IDisposable
{
    private const int ErrorLength = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Minutes to wait after the first, second, … failed try. After one more it has failed.</summary>
    private static readonly int[] Pauses = [1, 5, 30, 120, 360];

    private readonly HttpClient client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, disposeHandler: true)
    { Timeout = Patience };

    public void Dispose() => client.Dispose();

    /// <summary>Makes the call that has waited longest. False: none is due.</summary>
    public async Task<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsConfigured)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var claimed = await db.Database.SqlQuery<DueCall>($"""
            UPDATE portal.webhook_calls c
            SET tries = c.tries + 1, "nextTryAt" = now() + make_interval(mins => ({Pauses})[LEAST(c.tries + 1, {Pauses.Length})])
            WHERE c.id = (SELECT id FROM portal.webhook_calls WHERE state = 'pending' AND "nextTryAt" <= now() ORDER BY "nextTryAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING c.id AS "Id", c.body AS "Body", c.tries AS "Tries", c.source AS "Source"
            """).ToListAsync(cancellationToken);
        if (claimed is not [var due])
        {
            return false;
        }

        var error = await CallAsync(due, cancellationToken);
        var state = error is null ? "sent" : due.Tries > Pauses.Length ? "failed" : "pending";
        await db.WebhookCalls.Where(c => c.Id == due.Id).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.State, state).SetProperty(c => c.LastError, error).SetProperty(c => c.NextTryAt, c => state == "pending" ? c.NextTryAt : null), CancellationToken.None);
        return true;
    }

    /// <summary><c>v1,</c> and the base64 of HMAC-SHA256 over id, seconds and body.</summary>
    internal static string Sign(string secret, string id, long seconds, string body) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.{body}"))));

    /// <summary>Null: the receiver took it.</summary>
    private async Task<string?> CallAsync(DueCall due, CancellationToken cancellationToken)
    {
        var (id, seconds) = (string.Create(CultureInfo.InvariantCulture, $"adminportal-{due.Id}"), time.GetUtcNow().ToUnixTimeSeconds());
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Url) { Content = new StringContent(due.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature", Sign(options.Value.Secret!, id, seconds, due.Body));
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"The receiver answered {(int)answer.StatusCode}.";
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var words = exception is OperationCanceledException ? "No answer in 10 seconds." : exception.Message;
            return words[..Math.Min(words.Length, ErrorLength)];
        }
    }

    private sealed record DueCall(long Id, string Body, int Tries, string Source);
}
