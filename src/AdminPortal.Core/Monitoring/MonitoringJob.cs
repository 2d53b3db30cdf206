using AdminPortal.Core.Jobs;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Monitoring;

/// <summary>Measures once a minute what is the same for all instances, on one of them.</summary>
internal sealed class MonitoringJob(DeviceDatabases databases, PortalMeter meter, FigureStore store, SizeFigures sizes, SyncLineage lineage) : IPortalJob
{
    public string Name => JobNames.Monitoring;

    public string Title => "Figures for monitoring";

    public string Explanation => "Counts pairings by state, devices that sync and what waits on them, once an hour the sizes of tables too, notices when the database was set back, and forgets figures that no plot shows any more.";

    public string DefaultSchedule => "0 * * * * ?";

    public bool IsRoutine => true;

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var counts = await PairingCounts.ReadAsync(databases, cancellationToken);
        counts.Record(meter);
        var sync = await SyncCounts.ReadAsync(databases, cancellationToken);
        meter.CountedSync(sync);
        await lineage.KeepAsync(cancellationToken);
        var forgotten = await sizes.KeepAsync(cancellationToken) ? await store.PruneAsync(cancellationToken) : 0;
        return new JobResult(
            $"{counts.Active} active, {counts.Expired} expired, {counts.Quarantined} quarantined, {counts.Revoked} ended, {sync.Devices} registered for sync, {sync.Waiting} of them with changes waiting.{(forgotten > 0 ? $" {forgotten:N0} old figures forgotten." : "")}",
            null);
    }
}
