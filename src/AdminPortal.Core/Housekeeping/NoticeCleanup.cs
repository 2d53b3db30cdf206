using AdminPortal.Core.Jobs;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Housekeeping;

/// <summary>Drops notices that are older than <see cref="NoticeInbox.DaysKept"/> days, read or not.</summary>
internal sealed class NoticeCleanup(IDbContextFactory<PortalDbContext> contexts) : IPortalJob
{
    public string Name => JobNames.OldNotices;

    public string Title => "Old notices";

    public string Explanation => $"Drops notices that are older than {NoticeInbox.DaysKept} days, read or not.";

    public string DefaultSchedule => "0 15 * * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var dropped = await db.Database.ExecuteSqlAsync($"DELETE FROM portal.notices WHERE at < now() - make_interval(days => {NoticeInbox.DaysKept})", cancellationToken);
        return new JobResult($"{dropped:N0} dropped.", new { Dropped = dropped });
    }
}
