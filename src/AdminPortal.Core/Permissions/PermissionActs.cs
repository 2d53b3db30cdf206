using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Permissions;

/// <summary>What came of changing a device's permissions.</summary>
public abstract record PermissionOutcome
{
    private PermissionOutcome()
    {
    }

    public sealed record Done : PermissionOutcome;

    public sealed record NotFound : PermissionOutcome;

    /// <param name="NeedAdmin">Set: the scopes that only an admin can grant. Null: the actor's role changes nothing at all.</param>
    public sealed record NotAllowed(IReadOnlyList<PermissionScope>? NeedAdmin = null) : PermissionOutcome;

    /// <summary>The pairing has ended, expired or is quarantined.</summary>
    public sealed record NotActive : PermissionOutcome;

    public sealed record Invalid(string Message) : PermissionOutcome;
}

/// <summary>Grants and takes scopes of paired devices. The owner or an admin does it; a device never its own.</summary>
public sealed class PermissionActs(IDbContextFactory<DeviceDbContext> databases, TimeProvider time)
{
    private const int ReasonLength = 500;

    /// <summary>Makes the device's scopes exactly these, without a reason.</summary>
    public Task<PermissionOutcome> ReplaceAsync(
        Actor actor, string pairingId, IReadOnlyList<ScopeGrant> grants, CancellationToken cancellationToken) =>
        ReplaceAsync(actor, pairingId, grants, reason: null, cancellationToken);

    /// <summary>Makes the device's scopes exactly these. Scopes that stay keep the time they were granted.</summary>
    /// <param name="reason">Stands in the history of each scope that changes, and in what the owner is told; at most 500 characters.</param>
    public async Task<PermissionOutcome> ReplaceAsync(
        Actor actor, string pairingId, IReadOnlyList<ScopeGrant> grants, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (ScopeRules.Check(grants, time) is { } problem)
        {
            return new PermissionOutcome.Invalid(problem);
        }

        if (reason is not null && (reason.Length > ReasonLength || reason.Contains('\0', StringComparison.Ordinal)))
        {
            return new PermissionOutcome.Invalid($"A reason is a text of at most {ReasonLength} characters.");
        }

        var why = Names.Clean(reason);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockPairingsAsync([pairingId], cancellationToken);
        var pairing = await db.DevicePairings.Include(p => p.Permissions).SingleOrDefaultAsync(p => p.Id == pairingId, cancellationToken);
        if (pairing is null || (!actor.SeesEveryone && !actor.Owns(pairing.UserId)))
        {
            return new PermissionOutcome.NotFound();
        }

        var held = pairing.Permissions.ToDictionary(p => p.Permission);
        var added = grants.Where(g => !held.TryGetValue(g.Scope, out var row) || row.ExpiresAt != PermissionRows.ExpiryOf(g)).ToList();
        if (!actor.IsAdmin && !actor.Owns(pairing.UserId))
        {
            return new PermissionOutcome.NotAllowed();
        }

        var policies = await HeldPolicies.ForAsync(db, pairing.UserId, pairing.Id, cancellationToken);
        if (ScopeRules.NeedAdmin(actor, added, policies) is { Count: > 0 } forAdmins)
        {
            return new PermissionOutcome.NotAllowed(forAdmins);
        }

        var now = await db.DevicePairings.Where(p => p.Id == pairingId).Select(_ => DatabaseClock.UtcNow()).SingleAsync(cancellationToken);
        if (!pairing.IsActive || pairing.ExpiresAt <= now)
        {
            return new PermissionOutcome.NotActive();
        }

        var taken = held.Values.Where(row => grants.All(g => g.Scope != row.Permission)).ToList();
        if (taken.Count + added.Count > 0)
        {
            var changes = added.Select(g => $"{ScopeNames.Of(g.Scope)} granted{PermissionNotices.Until(g.ExpiresAt)}")
                .Concat(taken.Select(g => $"{ScopeNames.Of(g.Permission)} taken away"));
            db.AddNotice(
                NoticeKind.ScopesChanged, pairing.UserId, actor, pairing.Id, pairing.DeviceName ?? DeviceTypeLabels.Of(pairing.DeviceType), detail: string.Join(", ", changes));
        }

        foreach (var gone in taken)
        {
            db.DevicePermissions.Remove(gone);
            db.AddEvent(DeviceEventKind.PermissionRemoved, pairing.UserId, actor, pairing.Id, pairing.DeviceId, why, ScopeNames.Of(gone.Permission));
        }

        foreach (var grant in added)
        {
            PermissionRows.Grant(db, pairing, grant, now);
            db.AddEvent(
                DeviceEventKind.PermissionGranted, pairing.UserId, actor, pairing.Id, pairing.DeviceId,
                why, ScopeNames.Of(grant.Scope) + PermissionNotices.Until(grant.ExpiresAt));
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairing.Id, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new PermissionOutcome.Done();
    }
}
