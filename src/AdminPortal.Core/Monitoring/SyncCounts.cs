using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Monitoring;

/// <summary>Devices that sync and what waits, as it is now; estimates where counting would read many rows.</summary>
/// <param name="Waiting">Devices that said at their last call that changes wait on them.</param>
/// <param name="Unstamped">Changes that get their version at the person's next sync.</param>
public sealed record SyncCounts(Tally Devices, Tally Waiting, Tally Unstamped)
{
    internal static async Task<SyncCounts> ReadAsync(IDbContextFactory<DeviceDbContext> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var registered = await Tally.OfAsync(db.Devices.AsNoTracking(), cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return new SyncCounts(registered, new Tally(0), new Tally(0));
        }

        return new SyncCounts(
            registered,
            await Tally.OfAsync(db.SyncDeviceStates.AsNoTracking().Where(s => s.Pending > 0), cancellationToken),
            await Tally.OfAsync(db.SyncDirty.AsNoTracking(), cancellationToken));
    }
}
