using AdminPortal.Core.Mail;
using AdminPortal.Data;
using AdminPortal.Data.Mail;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Takes requests for a new password. Each becomes a mail in the queue, whoever's address it is: neither the answer nor its time tells whether an
/// address has an account, and a request survives a restart. At most one in five minutes for each address.
/// </summary>
public sealed class ForgottenPasswords(IDbContextFactory<PortalDbContext> contexts, SmtpMail smtp, MailQueue queue)
{
    private const int AddressLength = 254;

    /// <summary>False: without a mail server an admin makes the link.</summary>
    public bool Available => smtp.Configured;

    /// <param name="address">Where the request came from.</param>
    public async Task RequestAsync(string email, string? address, CancellationToken cancellationToken)
    {
        var typed = email.Trim();
        if (!Available || typed.Length is 0 or > AddressLength || typed.Contains('\0', StringComparison.Ordinal))
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended(lower({typed}), 0))", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.mails (kind, recipient, "requestedFrom", state, tries, "nextTryAt")
             SELECT {MailKind.ResetLink}, {typed}, {address}, {MailState.Waiting}, 0, now()
             WHERE NOT EXISTS (
                 SELECT 1 FROM portal.mails WHERE kind = {MailKind.ResetLink} AND lower(recipient) = lower({typed}) AND "createdAt" > now() - interval '5 minutes')
             """, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Wake();
    }
}
