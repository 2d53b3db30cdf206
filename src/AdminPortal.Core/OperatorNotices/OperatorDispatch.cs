using System.Text.Json;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>Tells what happened to those who chose to hear of it, and to the webhook; each event once.</summary>
public sealed class OperatorDispatch(
    OperatorEvents events, IDbContextFactory<PortalDbContext> contexts, SmtpMail smtp, MailQueue mails, IOptions<WebhookOptions> webhook, IOptions<PortalOptions> portal)
{
    /// <summary>Tells what was not told yet.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var found = await events.ReadAsync(cancellationToken);
        if (found.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await db.Accounts.AsNoTracking().Where(a => a.DisabledAt == null && (a.Role == AccountRole.Admin || a.Role == AccountRole.Support))
            .Select(a => new { a.Id, a.Role, ByMail = a.NoticesByMail && a.Email != null, Topics = db.OperatorChoices.Where(c => c.AccountId == a.Id).Select(c => c.Topics).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        await NoticeDispatch.WriteAsync(
            db,
            [
                .. from happened in found.Where(e => !e.IsToldAlready)
                   from person in people.Where(p => OperatorChoices.IsTold(p.Topics, p.Role, happened.Topic))
                   select (new Notice
                   {
                       AccountId = person.Id,
                       At = happened.At,
                       Kind = happened.Kind,
                       Source = $"operator:{happened.Source}",
                       PairingId = happened.Id,
                       DeviceTitle = happened.Name,
                       Detail = happened.Detail,
                   }, person.ByMail && smtp.Configured),
            ],
            cancellationToken);
        mails.Wake();
        if (webhook.Value.IsConfigured)
        {
            foreach (var happened in found)
            {
                await AddCallAsync(db, happened.Kind, happened.Source, happened.At, happened.Text, cancellationToken);
            }
        }
    }

    /// <summary>Puts a call into the queue, unless the same is there.</summary>
    internal async Task AddCallAsync(PortalDbContext db, string kind, string source, DateTimeOffset at, NoticeText text, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(new { type = kind, timestamp = at, data = new { title = text.Title, sentence = text.Sentence, url = portal.Value.PublicUrl.TrimEnd('/') + text.Path } });
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO portal.webhook_calls (at, kind, source, body, state, tries, "nextTryAt") VALUES ({at}, {kind}, {source}, {body}, 'pending', 0, now()) ON CONFLICT (source) DO NOTHING
            """, cancellationToken);
    }
}
