using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Pairing;

/// <summary>Holds pairing to the policies that are switched on. The transaction that pairs decides; a claim only asks early.</summary>
internal static class PairingPolicies
{
    /// <summary>Which of <see cref="PairingEnds"/> stands against this device now, or null. Asked before the code is spent.</summary>
    /// <param name="pairingId">The person's own pairing of this device, if there is one.</param>
    public static async Task<string?> ObstacleAsync(
        DeviceDbContext db, string userId, string? pairingId, string deviceId, DeviceType type, CancellationToken cancellationToken)
    {
        var policies = await HeldPolicies.ForAsync(db, userId, pairingId, cancellationToken);
        return !policies.Allows(type) ? PairingEnds.DeviceTypeNotAllowed
            : await IsFullAsync(db, userId, deviceId, policies, cancellationToken) ? PairingEnds.DeviceLimitReached
            : null;
    }

    /// <summary>
    /// In the transaction that pairs: shortens the session's days to what is allowed, and says what stands against it.
    /// Two devices of one person wait for each other here, so that together they cannot exceed the number.
    /// </summary>
    public static async Task<string?> HoldAsync(DeviceDbContext db, PairingSession session, string? pairingId, CancellationToken cancellationToken)
    {
        var policies = await HeldPolicies.ForAsync(db, session.UserId, pairingId, cancellationToken);
        session.PairingDays = policies.Cap(session.PairingDays);
        if (!policies.Allows(session.DeviceType!.Value))
        {
            return PairingEnds.DeviceTypeNotAllowed;
        }

        if (policies.DevicesPerUser is not null)
        {
            // Not FOR UPDATE: that would also wait for every row that merely refers to the person.
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM portal.users WHERE id = {session.UserId} FOR NO KEY UPDATE", cancellationToken);
        }

        return await IsFullAsync(db, session.UserId, session.DeviceId!, policies, cancellationToken) ? PairingEnds.DeviceLimitReached : null;
    }

    /// <summary>Quarantined and expired devices do not count, and a device that is paired again takes no further place.</summary>
    private static async Task<bool> IsFullAsync(
        DeviceDbContext db, string userId, string deviceId, HeldPolicies policies, CancellationToken cancellationToken) =>
        policies.DevicesPerUser is { } maximum
        && await db.DevicePairings.CountAsync(
            p => p.UserId == userId && p.DeviceId != deviceId && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow(), cancellationToken) >= maximum;
}
