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

    /// <summary>False: this device has no pairing to hold.</summary>
    public static async Task<bool> LockDeviceAsync(this DeviceDbContext db, string deviceId, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<string>($"""SELECT id AS "Value" FROM public.device_pairings WHERE "deviceId" = {deviceId} FOR UPDATE""").ToListAsync(cancellationToken)).Count > 0;
}
