using System.Globalization;
using AdminPortal.Data;
using AdminPortal.Data.Mail;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace AdminPortal.Core.Mail;

/// <summary>What came of looking for a mail to send.</summary>
public enum MailRound
{
    NothingDue,
    Sent,

    /// <summary>The server took the call and refuses this message for good, or nobody wants it any more.</summary>
    GivenUp,

    /// <summary>The server could not be reached, or did not take the message this time.</summary>
    Failed,
}

/// <summary>
/// Sends what waits in <c>portal.mails</c>, one message at a time. The try is written down before it is made, so that two instances never try
/// the same one, and the success after it: a process that dies between the server's yes and the note sends that one message twice (with
/// the same Message-Id), and none is lost.
/// </summary>
internal sealed class MailSender(IDbContextFactory<PortalDbContext> contexts, SmtpMail smtp, IEnumerable<IMailKind> kinds, ILogger<MailSender> logger)
{
    /// <summary>How many mails go out as one message.</summary>
    private const int InOneMessage = 20;

    private const int ErrorLength = 500;

    /// <summary>
    /// Minutes to wait after the first, second, … failed try. After one more it has failed. The first is longer than
    /// <see cref="SmtpMail.Patience"/>, so that no other instance takes up a try that is still being made.
    /// </summary>
    private static readonly int[] Pauses = [1, 5, 30, 120];

    private readonly Dictionary<string, IMailKind> known = kinds.ToDictionary(kind => kind.Kind);

    /// <summary>Sends the message that has waited longest, if one is due.</summary>
    public async Task<MailRound> SendNextAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var claimed = await ClaimAsync(db, cancellationToken);
        if (claimed.Count == 0)
        {
            return MailRound.NothingDue;
        }

        var first = claimed.MinBy(mail => mail.Id)!;
        if (await known[first.Kind].ComposeAsync(db, claimed, cancellationToken) is not { } letter)
        {
            await EndAsync(db, claimed, MailState.Dropped, error: null);
            return MailRound.GivenUp;
        }

        try
        {
            await smtp.SendAsync(letter, string.Create(CultureInfo.InvariantCulture, $"mail-{first.Id}.{first.CreatedAt.ToUnixTimeMilliseconds()}"), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return await NoteFailureAsync(db, claimed, first, exception);
        }

        await EndAsync(db, claimed, MailState.Sent, error: null);
        return MailRound.Sent;
    }

    private async Task<MailRound> NoteFailureAsync(PortalDbContext db, List<QueuedMail> claimed, QueuedMail first, Exception exception)
    {
        var isForGood = IsForGood(exception);
        var error = exception.Message.Length > ErrorLength ? exception.Message[..ErrorLength] : exception.Message;
        logger.LogWarning("Try {Try} at mail {Mail} failed{ForGood}: {Error}", first.Tries, first.Id, isForGood ? " for good" : "", error);
        if (isForGood || first.Tries > Pauses.Length)
        {
            await EndAsync(db, claimed, MailState.Failed, error);
        }
        else
        {
            var ids = claimed.ConvertAll(mail => mail.Id);
            await db.Mails.Where(m => ids.Contains(m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.LastError, error), CancellationToken.None);
        }

        return isForGood ? MailRound.GivenUp : MailRound.Failed;
    }

    private static async Task EndAsync(PortalDbContext db, List<QueuedMail> mails, string state, string? error)
    {
        var ids = mails.ConvertAll(mail => mail.Id);
        await db.Mails.Where(m => ids.Contains(m.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.State, state).SetProperty(m => m.NextTryAt, (DateTimeOffset?)null)
                .SetProperty(m => m.EndedAt, _ => DatabaseClock.Now()).SetProperty(m => m.LastError, error),
            CancellationToken.None);
    }

    /// <summary>The mails of the next message. A message that was tried before goes out again as it was.</summary>
    private async Task<List<QueuedMail>> ClaimAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        string[] all = [.. known.Keys];
        string[] gathering = [.. known.Values.Where(kind => kind.Gathers).Select(kind => kind.Kind)];
        // Not composed upon: a statement that changes rows cannot be anybody's subquery.
        return await db.Mails.FromSql($"""
            WITH first AS (
                SELECT m.* FROM portal.mails m
                WHERE m.state = 'waiting' AND m."nextTryAt" <= now() AND m.kind = ANY ({all})
                    AND (m.batch IS NULL OR m.batch = m.id OR NOT EXISTS (SELECT 1 FROM portal.mails l WHERE l.id = m.batch AND l.state = 'waiting'))
                ORDER BY m."nextTryAt", m.id LIMIT 1 FOR UPDATE SKIP LOCKED
            ), claimed AS (
                SELECT m.id FROM portal.mails m, first f
                WHERE m.id = f.id OR (m.state = 'waiting' AND m.kind = f.kind AND m.kind = ANY ({gathering}) AND CASE WHEN f.batch IS NULL
                    THEN m.batch IS NULL AND m."accountId" = f."accountId" AND m."nextTryAt" <= now() ELSE m.batch = f.batch END)
                ORDER BY m.id LIMIT {InOneMessage} FOR UPDATE OF m SKIP LOCKED
            )
            UPDATE portal.mails m
            SET tries = m.tries + 1, "lastTriedAt" = now(), batch = COALESCE(f.batch, f.id), "nextTryAt" = now() + make_interval(mins => ({Pauses})[LEAST(m.tries + 1, {Pauses.Length})])
            FROM claimed c, first f WHERE m.id = c.id
            RETURNING m.*
            """).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>5xx (RFC 5321): trying the same again brings the same answer.</summary>
    private static bool IsForGood(Exception exception) =>
        exception is ParseException or SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted, StatusCode: >= (SmtpStatusCode)500 };
}
