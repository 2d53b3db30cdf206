using System.Globalization;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AdminPortal.Core.Notices;

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
/// Sends notices by mail, one at a time. The try is written down before it is made, so that two instances never try the same
/// one, and the success after it: a process that dies between the server's yes and the note sends that one mail twice (with
/// the same Message-Id), and none is lost.
/// </summary>
public sealed class NoticeMails(IDbContextFactory<PortalDbContext> contexts, IMail mail, IOptions<PortalOptions> portal, ILogger<NoticeMails> logger)
{
    /// <summary>Below the first pause, so that no other instance takes up a try that is still being made.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>Minutes to wait after the first, second, … failed try. After one more it has failed.</summary>
    private static readonly int[] Pauses = [1, 5, 30, 120];

    /// <summary>Sends the mail that has waited longest, if one is due.</summary>
    public async Task<MailRound> SendNextAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ClaimAsync(db, cancellationToken) is not { } due)
        {
            return MailRound.NothingDue;
        }

        var round = due is { Wanted: true, Email: { } to } ? await TryAsync(due, to, cancellationToken) : MailRound.GivenUp;
        var state = round switch
        {
            MailRound.Sent => "sent",
            MailRound.GivenUp => due.Wanted ? "failed" : "none",
            _ => due.MailTries > Pauses.Length ? "failed" : null,
        };
        if (state is not null)
        {
            await db.Notices.Where(n => n.Id == due.Id).ExecuteUpdateAsync(
                set => set.SetProperty(n => n.Mail, state).SetProperty(n => n.MailNextTryAt, (DateTimeOffset?)null), CancellationToken.None);
        }

        return round;
    }

    private static async Task<DueMail?> ClaimAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        // Not composed upon: a statement that changes rows cannot be anybody's subquery.
        var claimed = await db.Database.SqlQuery<DueMail>($"""
            UPDATE portal.notices n
            SET "mailTries" = n."mailTries" + 1, "mailNextTryAt" = now() + make_interval(mins => ({Pauses})[LEAST(n."mailTries" + 1, {Pauses.Length})])
            FROM portal.accounts a
            WHERE a.id = n."accountId" AND n.id = (
                SELECT id FROM portal.notices WHERE mail = 'pending' AND "mailNextTryAt" <= now() ORDER BY "mailNextTryAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING n.id AS "Id", n.at AS "At", n.kind AS "Kind", n."pairingId" AS "PairingId", n."deviceTitle" AS "DeviceTitle", n."actorName" AS "ActorName",
                n.reason AS "Reason", n.detail AS "Detail", n.count AS "Count", n."mailTries" AS "MailTries", a.email AS "Email",
                a."noticesByMail" AND a."disabledAt" IS NULL AND a.email IS NOT NULL AS "Wanted"
            """).ToListAsync(cancellationToken);
        return claimed.Count == 0 ? null : claimed[0];
    }

    private async Task<MailRound> TryAsync(DueMail due, string to, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var text = new NoticeRow(due.Id, due.At, due.Kind, due.PairingId, due.DeviceTitle, due.ActorName, due.Reason, due.Detail, due.Count, IsRead: false).Text;
        var root = portal.Value.PublicUrl.TrimEnd('/');
        var id = string.Create(CultureInfo.InvariantCulture, $"notice-{due.Id}.{due.At.ToUnixTimeMilliseconds()}@{new Uri(root).Host}");
        try
        {
            await mail.SendAsync(to, $"AdminPortal: {text.Title}", Body(due, text, root), patience.Token, id);
            return MailRound.Sent;
        }
        catch (Exception exception) when (IsForGood(exception))
        {
            logger.LogWarning("The mail about notice {Notice} is refused for good: {Error}", due.Id, exception.Message);
            return MailRound.GivenUp;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("Try {Try} at the mail about notice {Notice} failed: {Error}", due.MailTries, due.Id, exception.Message);
            return MailRound.Failed;
        }
    }

    private static string Body(DueMail due, NoticeText text, string root) => $"""
        {text.Sentence}
        {(due.Reason is { } reason ? $"Reason given: {reason}\n" : "")}
        {due.At.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC

        {text.PathText}: {root}{text.Path}
        All notices: {root}/notices

        You get this because notices by mail are on for your account. To switch them off: {root}/account
        """;

    /// <summary>5xx (RFC 5321): trying the same again brings the same answer.</summary>
    private static bool IsForGood(Exception exception) =>
        exception is ParseException or SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted, StatusCode: >= (SmtpStatusCode)500 };

    /// <param name="MailTries">This one included.</param>
    /// <param name="Wanted">False: the person has switched mail off, or the account is disabled.</param>
    private sealed record DueMail(
        long Id, DateTimeOffset At, string Kind, string? PairingId, string? DeviceTitle, string? ActorName, string? Reason, string? Detail, int Count,
        int MailTries, string? Email, bool Wanted);
}
