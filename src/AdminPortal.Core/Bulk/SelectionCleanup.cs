using AdminPortal.Core.Jobs;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Bulk;

/// <summary>Drops selections that were looked at and never run, after a day.</summary>
internal sealed class SelectionCleanup(IDbContextFactory<DeviceDbContext> databases) : IPortalJob
{
    public string Name => JobNames.UnusedSelections;

    public string Title => "Unused selections";

    public string Explanation => "Drops selections of devices that somebody looked at a day ago or earlier and never ran.";

    public string DefaultSchedule => "0 20 * * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var dropped = await db.DeviceSelections.Where(s => s.RunId == null && s.CreatedAt < DatabaseClock.Now().AddDays(-1)).ExecuteDeleteAsync(cancellationToken);
        return new JobResult($"{dropped:N0} dropped.", new { Dropped = dropped });
    }
}
