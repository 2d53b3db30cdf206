using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>A device of one's own: what it may do, and how its sync stands.</summary>
/// <param name="Scopes">Those that hold now, in the order of the database's enum.</param>
/// <param name="Sync">Null: it is not registered for sync.</param>
public sealed record OwnDevice(DeviceRow Device, IReadOnlyList<PermissionScope> Scopes, SyncStanding? Sync);

/// <summary>Reads a person's own devices, for their first page.</summary>
public sealed class OwnDevices(IDbContextFactory<DeviceDbContext> databases, DeviceList devices, SyncStatusList sync)
{
    /// <summary>Empty for somebody who is not linked to a user.</summary>
    public async Task<IReadOnlyList<OwnDevice>> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (actor.UserId is not { } own || await devices.OfUserAsync(actor, own, cancellationToken) is not { Count: > 0 } rows)
        {
            return [];
        }

        string[] ids = [.. rows.Select(row => row.Id)];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var scopes = await db.DevicePermissions.AsNoTracking()
            .Where(g => ids.Contains(g.DevicePairingId) && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()))
            .Select(g => new { g.DevicePairingId, g.Permission }).ToListAsync(cancellationToken);
        var standings = await sync.OfUserAsync(actor, own, cancellationToken);
        return [.. rows.Select(row => new OwnDevice(
            row, [.. scopes.Where(s => s.DevicePairingId == row.Id).Select(s => s.Permission).Order()], standings.FirstOrDefault(s => s.PairingId == row.Id)))];
    }
}
