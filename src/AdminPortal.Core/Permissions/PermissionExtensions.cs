using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Permissions;

/// <summary>Gives a grant that ends soon more time. The owner or an admin does it, on the end that they saw: a second click adds nothing.</summary>
public sealed class PermissionExtensions(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>What one click adds.</summary>
    public const int Days = 30;

    /// <param name="seenEnd">The end that the person saw (UTC); if it has changed since, nothing is done.</param>
    public async Task<ExtendOutcome> ExtendAsync(Actor actor, string permissionId, DateTime seenEnd, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairingId = await db.DevicePermissions.Where(g => g.Id == permissionId).Select(g => g.DevicePairingId).FirstOrDefaultAsync(cancellationToken);
        if (pairingId is null)
        {
            return new ExtendOutcome.NotFound();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockPairingsAsync([pairingId], cancellationToken);
        var pairing = await db.DevicePairings.Include(p => p.Permissions).SingleOrDefaultAsync(p => p.Id == pairingId, cancellationToken);
        if (pairing is null || (!actor.SeesEveryone && !actor.Owns(pairing.UserId)) || pairing.Permissions.FirstOrDefault(g => g.Id == permissionId) is not { } grant)
        {
            return new ExtendOutcome.NotFound();
        }

        if (!actor.IsAdmin && !actor.Owns(pairing.UserId))
        {
            return new ExtendOutcome.NotAllowed();
        }

        if (ScopeRules.NeedAdmin(actor, [new(grant.Permission)], await HeldPolicies.ForAsync(db, pairing.UserId, pairing.Id, cancellationToken)).Count > 0)
        {
            return new ExtendOutcome.NotAllowed(grant.Permission);
        }

        var now = await db.DevicePairings.Where(p => p.Id == pairingId).Select(_ => DatabaseClock.UtcNow()).SingleAsync(cancellationToken);
        if (!pairing.IsActive || pairing.ExpiresAt <= now)
        {
            return new ExtendOutcome.NotActive();
        }

        if (grant.ExpiresAt is not { } end || end != Timestamp3.Cut(seenEnd))
        {
            return new ExtendOutcome.ChangedMeanwhile(grant.ExpiresAt);
        }

        var until = new DateTimeOffset((end > now ? end : now).AddDays(Days), TimeSpan.Zero);
        PermissionRows.Grant(db, pairing, new ScopeGrant(grant.Permission, until), now);
        db.AddEvent(
            DeviceEventKind.PermissionGranted, pairing.UserId, actor, pairing.Id, pairing.DeviceId,
            detail: ScopeNames.Of(grant.Permission) + PermissionNotices.Until(until));
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairing.Id, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ExtendOutcome.Done(until);
    }
}
