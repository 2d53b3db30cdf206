using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

internal static class TokenHistory
{
    /// <summary>Remembers the hash of a pairing's token before it is overwritten or deleted.</summary>
    public static Task<int> RememberTokenAsync(this DeviceDbContext db, DevicePairing pairing, string reason, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.token_history (hash, "pairingId", "userId", reason)
             VALUES ({pairing.SessionToken}, {pairing.Id}, {pairing.UserId}, {reason})
             ON CONFLICT (hash) DO NOTHING
             """,
            cancellationToken);
}
