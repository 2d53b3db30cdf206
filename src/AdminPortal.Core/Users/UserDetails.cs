using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Users;

/// <summary>A user with devices, what those may do, and their sync, in one view.</summary>
/// <param name="ScopesByPairing">The permissions in force, by the pairing's id.</param>
public sealed record UserDetail(
    UserRow User, IReadOnlyList<DeviceRow> Devices, ILookup<string, PermissionScope> ScopesByPairing, IReadOnlyList<SyncStanding> Sync);

/// <summary>Puts together what is known of one user.</summary>
public sealed class UserDetails(IDbContextFactory<DeviceDbContext> databases, UserList users, DeviceList devices, SyncStatusList sync)
{
    /// <summary>Null when there is no such user whom the actor may see.</summary>
    public async Task<UserDetail?> FindAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(actor, userId, cancellationToken) is not { } user)
        {
            return null;
        }

        var pairings = await devices.OfUserAsync(actor, userId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = pairings.Select(p => p.Id).ToArray();
        var scopes = await db.DevicePermissions.AsNoTracking()
            .Where(g => ids.Contains(g.DevicePairingId) && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()))
            .OrderBy(g => g.Permission).Select(g => new { g.DevicePairingId, g.Permission }).ToListAsync(cancellationToken);
        return new UserDetail(
            user, pairings, scopes.ToLookup(g => g.DevicePairingId, g => g.Permission), await sync.OfUserAsync(actor, userId, cancellationToken));
    }
}
