using AdminPortal.Core.Jobs;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using AdminPortal.Data.Mail;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Housekeeping;

/// <summary>Drops notices that are older than <see cref="NoticeInbox.DaysKept"/> days, read or not, and mails that ended long ago.</summary>
internal sealed class NoticeCleanup(IDbContextFactory<PortalDbContext> contexts) : IPortalJob
{
    public string Name => JobNames.OldNotices;

    public string Title => "Old notices and mails";

    public string Explanation => $"Drops notices that are older than {NoticeInbox.DaysKept} days, read or not, and mails {MailBoard.DaysKept} days after they were sent or given up.";

    public string DefaultSchedule => "0 15 * * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var dropped = await db.Database.ExecuteSqlAsync($"DELETE FROM portal.notices WHERE at < now() - make_interval(days => {NoticeInbox.DaysKept})", cancellationToken);
        var mails = await db.Mails.Where(m => m.State != MailState.Waiting
            && (m.EndedAt < DatabaseClock.Now().AddDays(-MailBoard.DaysKept) || (m.State == MailState.Dropped && m.EndedAt < DatabaseClock.Now().AddDays(-1)))).ExecuteDeleteAsync(cancellationToken);
        return new JobResult($"{dropped:N0} notices and {mails:N0} mails dropped.", new { Dropped = dropped, Mails = mails });
    }
}
