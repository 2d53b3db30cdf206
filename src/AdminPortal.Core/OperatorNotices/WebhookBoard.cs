using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>How the webhook stands.</summary>
/// <param name="IsConfigured">False: this portal has none.</param>
/// <param name="Failed">Given up after the last try, in the last 30 days.</param>
/// <param name="Rows">The newest that wait or failed, at most 20.</param>
public sealed record WebhookQueue(bool IsConfigured, int Waiting, int Failed, IReadOnlyList<WebhookRow> Rows);

/// <param name="To">Whom; times in UTC.</param>
/// <param name="NextTryAt">Null: none.</param>
public sealed record WebhookRow(long Id, DateTimeOffset At, string To, string Kind, bool HasFailed, int Tries, DateTimeOffset? NextTryAt, string? Error);

/// <summary>Webhook calls that wait or failed, for admins: sent again, and tried out.</summary>
public sealed class WebhookBoard(
    IDbContextFactory<PortalDbContext> contexts, OperatorDispatch dispatch, WebhookCalls calls, AuditLog audit, IOptions<WebhookOptions> webhook, TimeProvider time)
{
    private const int Shown = 20;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(30);

    /// <summary>Null for people who are no admins.</summary>
    public async Task<WebhookQueue?> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return null;
        }

        var from = time.GetUtcNow() - Recent;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var posts = db.WebhookCalls.AsNoTracking().Where(c => c.State == "pending" || (c.State == "failed" && c.At > from));
        return new WebhookQueue(
            webhook.Value.IsConfigured, await posts.CountAsync(c => c.State == "pending", cancellationToken), await posts.CountAsync(c => c.State == "failed", cancellationToken),
            await posts.OrderByDescending(c => c.Id).Take(Shown).Select(c => new WebhookRow(c.Id, c.At, webhook.Value.Url ?? "", c.Kind, c.State == "failed", c.Tries, c.NextTryAt, c.LastError))
                .ToListAsync(cancellationToken));
    }

    /// <summary>Tries all that failed or wait again, now; how many.</summary>
    public async Task<int> SendAgainAsync(Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return 0;
        }

        var (from, now) = (time.GetUtcNow() - Recent, time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var count = await db.WebhookCalls.Where(c => c.State == "pending" || (c.State == "failed" && c.At > from)).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.State, "pending").SetProperty(c => c.Tries, 0).SetProperty(c => c.NextTryAt, now), cancellationToken);
        await audit.WriteAsync(actor, "webhook.sent-again", null, "ok", $"{count}", cancellationToken);
        return count;
    }

    /// <summary>Calls the webhook at once. Null: the receiver took it; else why not.</summary>
    public async Task<string?> TestAsync(Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return "Your role does not allow this.";
        }

        if (!webhook.Value.IsConfigured)
        {
            return "This portal has no webhook: set Webhook:Url and Webhook:Secret.";
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var source = $"test:{Ids.New()}";
        await dispatch.AddCallAsync(db, "test", source, time.GetUtcNow(), new NoticeText("A test", "Somebody tried out the webhook.", "/settings/notices", ""), cancellationToken);
        while (await calls.SendNextAsync(cancellationToken))
        {
            // It is the last of those that are due.
        }

        var call = await db.WebhookCalls.AsNoTracking().SingleAsync(c => c.Source == source, cancellationToken);
        await audit.WriteAsync(actor, "webhook.tested", null, call.State == "sent" ? "ok" : "failed", call.LastError, cancellationToken);
        return call.State == "sent" ? null : call.LastError ?? "It waits to be sent.";
    }
}
