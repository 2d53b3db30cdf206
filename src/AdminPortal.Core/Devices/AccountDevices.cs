using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Pairing;
using AdminPortal.Data;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Ends what a disabled account holds: its devices, and the codes that could still become devices.</summary>
internal sealed class AccountDevices(IDbContextFactory<DeviceDbContext> databases) : IAccountDevices
{
    public async Task EndAllAsync(string userId, Actor actor, string reason, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Codes first: one that is confirmed in this moment would otherwise become a device after the devices were ended.
        await db.PairingSessions
            .Where(s => s.UserId == userId && (s.State == PairingState.Open || s.State == PairingState.Claimed || s.State == PairingState.Confirmed))
            .ExecuteUpdateAsync(
                set => set.SetProperty(s => s.State, PairingState.Refused).SetProperty(s => s.EndReason, PairingEnds.AccountDisabled)
                    .SetProperty(s => s.Seed, (byte[]?)null),
                cancellationToken);
        var pairings = await db.DevicePairings.Where(p => p.UserId == userId && (p.IsActive || p.State != null)).Select(p => p.Id).ToArrayAsync(cancellationToken);
        await DeviceEndings.EndAsync(db, actor, pairings, reason, cancellationToken);
        await db.NotifyAsync(new DeviceChange(userId, null, null), cancellationToken);
    }
}
