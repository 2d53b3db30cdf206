using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Mail;

/// <summary>How mail goes.</summary>
/// <param name="Server">Host and port; null: no mail server is configured.</param>
/// <param name="Waiting">Mails that are still to be sent.</param>
/// <param name="Delayed">Those of them that were tried in vain at least once.</param>
/// <param name="Failed">Mails of the last 30 days that were given up.</param>
/// <param name="LastSentAt">The last success (UTC); null: none in 30 days.</param>
/// <param name="LastError">What the server said to the last try that failed, while mails wait or have failed.</param>
/// <param name="IsFailing">A try failed in the last day, and none has gone well since: it is more than one person's mailbox.</param>
public sealed record MailStanding(string? Server, int Waiting, int Delayed, int Failed, DateTimeOffset? LastSentAt, string? LastError, bool IsFailing);

/// <summary>A mail, for admins. Times in UTC.</summary>
/// <param name="To">The account's address, or the typed one; null: the account is gone.</param>
public sealed record MailRow(
    long Id, string Kind, string? To, DateTimeOffset CreatedAt, string State, int Tries, DateTimeOffset? NextTryAt, DateTimeOffset? EndedAt, string? LastError);

/// <summary>The mail queue as admins see it, and what they do about it.</summary>
public sealed class MailBoard(
    IDbContextFactory<PortalDbContext> contexts, SmtpMail smtp, MailQueue queue, AuditLog audit, IOptions<PortalOptions> portal, TimeProvider time)
{
    /// <summary>How long mails are kept after they were sent or given up.</summary>
    public const int DaysKept = 30;

    private const int RowsShown = 200;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    public async Task<MailStanding> StandingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = db.Mails.Where(m => m.State == MailState.Waiting || m.State == MailState.Failed); // few, and found by their index
        var counts = await open.GroupBy(_ => 1).Select(all => new
        {
            Waiting = all.Count(m => m.State == MailState.Waiting),
            Delayed = all.Count(m => m.State == MailState.Waiting && m.LastError != null),
            Failed = all.Count(m => m.State == MailState.Failed),
        }).SingleOrDefaultAsync(cancellationToken);
        var sentAt = await db.Mails.Where(m => m.State == MailState.Sent).OrderByDescending(m => m.EndedAt).Select(m => m.EndedAt).FirstOrDefaultAsync(cancellationToken);
        var last = await open.Where(m => m.LastError != null).OrderByDescending(m => m.LastTriedAt).Select(m => new { m.LastError, m.LastTriedAt }).FirstOrDefaultAsync(cancellationToken);
        var isFailing = smtp.Configured && last?.LastTriedAt > (sentAt ?? DateTimeOffset.MinValue) && last.LastTriedAt > time.GetUtcNow() - Recent;
        return new MailStanding(smtp.Server, counts?.Waiting ?? 0, counts?.Delayed ?? 0, counts?.Failed ?? 0, sentAt, last?.LastError, isFailing);
    }

    /// <summary>At most 200: what waits first, then what failed, then what was sent, each the newest first.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor is not an admin.</exception>
    public async Task<IReadOnlyList<MailRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            throw new UnauthorizedAccessException("Only an admin sees the mail queue.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Mails.AsNoTracking()
            .OrderBy(m => m.State == MailState.Waiting ? 0 : m.State == MailState.Failed ? 1 : 2).ThenByDescending(m => m.Id).Take(RowsShown)
            .Select(m => new MailRow(
                m.Id, m.Kind, m.Recipient ?? db.Accounts.Where(a => a.Id == m.AccountId).Select(a => a.Email).FirstOrDefault(), m.CreatedAt, m.State, m.Tries, m.NextTryAt,
                m.EndedAt, m.LastError))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Puts failed mails back into the queue, and tries what waits for its next turn now; returns how many mails that are.</summary>
    /// <param name="id">One mail; null: all of them.</param>
    /// <exception cref="UnauthorizedAccessException">The actor is not an admin.</exception>
    public async Task<int> SendAgainAsync(Actor actor, long? id, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            throw new UnauthorizedAccessException("Only an admin may send mails again.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var count = await db.Mails.Where(m => (id == null || m.Id == id) && (m.State == MailState.Failed || (m.State == MailState.Waiting && m.LastError != null)))
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.State, MailState.Waiting).SetProperty(m => m.Tries, 0).SetProperty(m => m.NextTryAt, _ => DatabaseClock.Now())
                    .SetProperty(m => m.EndedAt, (DateTimeOffset?)null),
                cancellationToken);
        if (count > 0)
        {
            await audit.WriteAsync(actor, "mail.sent-again", id?.ToString(System.Globalization.CultureInfo.InvariantCulture), "ok", $"{count} mails", cancellationToken);
            queue.Wake();
        }

        return count;
    }

    /// <summary>Sends a message at once and says what the server said: null when it took it.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor is not an admin.</exception>
    public async Task<string?> TestAsync(Actor actor, string to, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            throw new UnauthorizedAccessException("Only an admin may send a test mail.");
        }

        if (!smtp.Configured)
        {
            return "No mail server is configured. Set Smtp:Host and Smtp:From, and start the portal again.";
        }

        string? error = null;
        try
        {
            var letter = new Letter(to, "Test mail", [new LetterPart("This is a test: the portal can send mail.")], $"Sent by an administrator of {portal.Value.PublicUrl}.");
            await smtp.SendAsync(letter, $"test-{time.GetUtcNow().ToUnixTimeMilliseconds()}", cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            error = exception.Message;
        }

        await audit.WriteAsync(actor, "mail.tested", null, error is null ? "ok" : "failed", error, cancellationToken);
        return error;
    }
}
