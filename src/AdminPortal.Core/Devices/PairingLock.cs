using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Holds pairings for the rest of the transaction. A statement of its own: whatever is read after it, permissions and
/// quarantine too, is as the transaction that held them before left it. A lock inside the reading statement is not, since
/// the tables joined to it are read as of before the wait.
/// </summary>
internal static class PairingLock
{
    public static Task<int> LockPairingsAsync(this DeviceDbContext db, string[] pairingIds, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT 1 FROM public.device_pairings WHERE id = ANY ({pairingIds}) ORDER BY id FOR UPDATE", cancellationToken);

    public static Task<int> LockDeviceAsync(this DeviceDbContext db, string deviceId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"""SELECT 1 FROM public.device_pairings WHERE "deviceId" = {deviceId} FOR UPDATE""", cancellationToken);
}
