using AdminPortal.Core.Jobs;
using AdminPortal.Core.Sync.Protocol;

namespace AdminPortal.Core.Sync;

/// <summary>The daily clean-up of sync.</summary>
internal sealed class SyncPurgeJob(SyncPurge purge) : IPortalJob
{
    public string Name => JobNames.SyncPurge;

    public string Title => "Sync clean-up";

    public string Explanation =>
        $"Forgets deletions after {SyncPurge.TombstoneDays} days, answered operations after {SyncPurge.OperationDays} and requests after {SyncPurge.RequestDays}. Devices that were away for longer read everything again.";

    public string DefaultSchedule => "0 40 3 * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var purged = await purge.RunAsync(cancellationToken);
        return new JobResult($"{purged.Tombstones:N0} deletions, {purged.Operations:N0} operations and {purged.Requests:N0} requests were forgotten.{(purged.Leftovers > 0 ? $" {purged.Leftovers:N0} versions of an emptied table, too." : "")}", purged);
    }
}
