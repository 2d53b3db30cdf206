using AdminPortal.Core.Activity;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Reads one pairing with its permissions, what its device said of itself, and its history.</summary>
public sealed class DeviceDetails(IDbContextFactory<DeviceDbContext> databases)
{
    private const int HistoryLength = 100;

    /// <summary>By the pairing's id or the deviceId; null when there is none that the actor may see.</summary>
    public async Task<DeviceDetail?> FindAsync(Actor actor, string deviceOrPairingId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairings = DeviceList.VisibleTo(db, actor).Where(p => p.Id == deviceOrPairingId || p.DeviceId == deviceOrPairingId)
            .OrderByDescending(p => p.Id == deviceOrPairingId).Take(1); // the pairing's id wins over another device's own id
        if (await pairings.Select(DeviceList.Row).SingleOrDefaultAsync(cancellationToken) is not { } device)
        {
            return null;
        }

        var facts = await db.DevicePairings.AsNoTracking().Where(p => p.Id == device.Id).Select(p => new
        {
            p.IpAddress,
            p.UserAgent,
            Quarantine = p.State == null ? null : new QuarantineFacts(p.State.QuarantinedAt, p.State.Reason, p.State.ActorId, p.State.ActorName),
            Permissions = p.Permissions.OrderBy(g => g.Permission).Select(g => new HeldScope(
                g.Permission, g.GrantedAt, g.ExpiresAt, g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())).ToList(),
            Receipt = p.IsActive ? null : db.EndedTokens.Where(t => t.Hash == p.SessionToken).Select(t => new DeviceReceipt(
                t.RequestedAt ?? t.EndedAt, t.EndedAt, t.ConnectionsCutAt, t.ConnectionsCut, t.AcknowledgedAt, t.CallsSince, t.LastCallAt, t.LastCallAddress)).FirstOrDefault(),
        }).FirstOrDefaultAsync(cancellationToken);
        if (facts is null)
        {
            return null; // ended and cleaned up between the two reads
        }

        var sync = await db.Devices.AsNoTracking().Where(d => d.DeviceId == device.DeviceId && d.UserId == device.UserId)
            .Select(d => new SyncFacts(d.Platform, d.OsVersion, d.AppVersion, d.PushToken != null, d.LastSeenAt)).FirstOrDefaultAsync(cancellationToken);

        // Filtered by person too: a deviceId can change hands, and the next owner sees nothing of the one before.
        var history = await db.DeviceEvents.AsNoTracking().Where(e => e.PairingId == device.Id && e.UserId == device.UserId)
            .OrderByDescending(e => e.Id).Take(HistoryLength)
            .Select(e => new HistoryLine(e.At, e.Kind, e.ActorName ?? e.ActorId, e.Reason, e.Detail, e.Address)).ToListAsync(cancellationToken);
        return new DeviceDetail(device, facts.IpAddress, facts.UserAgent, facts.Quarantine, facts.Permissions, sync, history, facts.Receipt)
        {
            ForAdmins = actor.IsAdmin ? [] : await ForAdminsAsync(db, device, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<PermissionScope>> ForAdminsAsync(DeviceDbContext db, DeviceRow device, CancellationToken cancellationToken)
    {
        var policies = await HeldPolicies.ForAsync(db, device.UserId, device.Id, cancellationToken);
        return [.. ScopeLabels.All.Where(scope => ScopeRules.IsForAdmins(scope, policies))];
    }
}
