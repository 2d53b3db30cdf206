using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Pairing;

/// <summary>Whether a deviceId that is known already stands in the way of a pairing.</summary>
internal enum DeviceOwnership
{
    Free,

    /// <summary>Another person's pairing of it is active, or under quarantine.</summary>
    BelongsToAnother,

    /// <summary>This person's own pairing of it is under quarantine.</summary>
    Quarantined,
}

internal static class DeviceOwnershipCheck
{
    extension(DeviceOwnership)
    {
        /// <summary>And the id of this person's own pairing of it, if there is one.</summary>
        public static async Task<(DeviceOwnership Ownership, string? OwnPairingId)> CheckAsync(DeviceDbContext db, string deviceId, string userId, CancellationToken cancellationToken)
        {
            var known = await db.DevicePairings.AsNoTracking().Where(p => p.DeviceId == deviceId)
                .Select(p => new { p.Id, p.UserId, Active = p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow(), Quarantined = p.State != null })
                .FirstOrDefaultAsync(cancellationToken);
            return known switch
            {
                null => (DeviceOwnership.Free, null),
                _ when known.UserId != userId => (known.Active || known.Quarantined ? DeviceOwnership.BelongsToAnother : DeviceOwnership.Free, null),
                _ => (known.Quarantined ? DeviceOwnership.Quarantined : DeviceOwnership.Free, known.Id),
            };
        }
    }
}
