using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>A paired device as the API tells it; times in UTC. Permissions are those in force now.</summary>
public sealed record PairedDeviceRow(
    string Id, string DeviceId, DeviceType DeviceType, string? DeviceName, bool IsActive, DateTime ExpiresAt, DateTime LastSeenAt,
    DateTime CreatedAt, IReadOnlyList<PairedPermission> Permissions);

/// <summary>A scope in force; <paramref name="ExpiresAt"/> null: as long as the pairing lasts.</summary>
public sealed record PairedPermission(Data.Permissions.PermissionScope Scope, DateTime GrantedAt, DateTime? ExpiresAt);

/// <summary>Reads a person's devices that are paired now; a device's call has itself from <see cref="DeviceTokens"/>.</summary>
public sealed class PairedDevices(DeviceDatabases databases)
{
    /// <summary>The person's active devices, most recently seen first.</summary>
    public async Task<List<PairedDeviceRow>> OfUserAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        return await db.DevicePairings.AsNoTracking().Where(p => p.UserId == userId && p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow())
            .OrderByDescending(p => p.LastSeenAt).ThenBy(p => p.Id)
            .Select(p => new PairedDeviceRow(
                p.Id, p.DeviceId, p.DeviceType, p.DeviceName, p.IsActive, p.ExpiresAt, p.LastSeenAt, p.CreatedAt,
                p.Permissions.Where(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()).OrderBy(g => g.Permission)
                    .Select(g => new PairedPermission(g.Permission, g.GrantedAt, g.ExpiresAt)).ToList()))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The pairing of a deviceId, whatever its state; null when there is none.</summary>
    public async Task<string?> PairingIdAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        return await db.DevicePairings.Where(p => p.DeviceId == deviceId).Select(p => p.Id).FirstOrDefaultAsync(cancellationToken);
    }
}
