using AdminPortal.Core.Sync;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>A database that something else than the portal restored gives versions again that devices have seen.</summary>
internal sealed class SyncLineageCheck(SyncLineage lineage) : VerificationCheck
{
    public override string Id => "sync-lineage";

    public override string Title => "Sync has not been set back by anything but the portal";

    public override string Expected => "The version of sync that was seen last, as it was seen.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken) =>
        target.Has("sync.heads", "nonce") && target.Has("sync.stamps", "nonce") && await lineage.LookAsync(target.Name, target.Connection, cancellationToken) is { } at
            ? [new Finding(CheckSeverity.Error, "sync.heads", Expected, $"not there since {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC: the database was restored from before", "Reset sync, on the page Sync status or by portal sync reset: every device then reads everything again, and sends what waits on it.")]
            : [];
}
