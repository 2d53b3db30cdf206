using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Monitoring;

/// <summary>Pairings by state, as they are now; estimates where counting would read many rows.</summary>
public sealed record PairingCounts(Tally Active, Tally Expired, Tally Quarantined, Tally Revoked)
{
    internal static async Task<PairingCounts> ReadAsync(IDbContextFactory<DeviceDbContext> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairings = db.DevicePairings.AsNoTracking();
        return new PairingCounts(
            await Tally.OfAsync(pairings.InState(DeviceStanding.Active), cancellationToken),
            await Tally.OfAsync(pairings.InState(DeviceStanding.Expired), cancellationToken),
            await Tally.OfAsync(pairings.InState(DeviceStanding.Quarantined), cancellationToken),
            await Tally.OfAsync(pairings.InState(DeviceStanding.Revoked), cancellationToken));
    }

    internal void Record(PortalMeter meter)
    {
        meter.Counted("active", Active.Number);
        meter.Counted("expired", Expired.Number);
        meter.Counted("quarantined", Quarantined.Number);
        meter.Counted("revoked", Revoked.Number);
    }
}
