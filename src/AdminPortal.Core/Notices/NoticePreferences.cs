using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Notices;

/// <summary>Whether a person's notices also come by mail.</summary>
/// <param name="MailIsConfigured">False: the portal has no mail server, so none does.</param>
public sealed record NoticePreference(bool ByMail, bool MailIsConfigured);

/// <summary>What people choose about their own notices.</summary>
public sealed class NoticePreferences(IDbContextFactory<PortalDbContext> contexts, SmtpMail mail)
{
    /// <summary>Null: no such account.</summary>
    public async Task<NoticePreference?> FindAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().Where(a => a.Id == actor.Id).Select(a => new NoticePreference(a.NoticesByMail, mail.Configured))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Holds for mail that still waits, too.</summary>
    public async Task ChooseAsync(Actor actor, bool byMail, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await db.Accounts.Where(a => a.Id == actor.Id && a.NoticesByMail != byMail)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.NoticesByMail, byMail), cancellationToken);
        if (changed == 0)
        {
            return;
        }

        AuditLog.Add(db, actor, "account.notices-by-mail", actor.Id, reason: byMail ? "on" : "off");
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
