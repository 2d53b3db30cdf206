using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
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

    public sealed record NotAllowed : PermissionOutcome;

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
        if (!(actor.IsAdmin || actor.Owns(pairing.UserId)) || !ScopeRules.MayGrant(actor, added))
        {
            return new PermissionOutcome.NotAllowed();
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
            Grant(db, pairing.Id, held.GetValueOrDefault(grant.Scope), grant, now);
            var until = grant.ExpiresAt is { } end ? $" until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
            db.AddEvent(DeviceEventKind.PermissionGranted, pairing.UserId, actor, pairing.Id, pairing.DeviceId, why, ScopeNames.Of(grant.Scope) + until);
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairing.Id, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new PermissionOutcome.Done();
    }

    private static void Grant(DeviceDbContext db, string pairingId, DevicePermission? row, ScopeGrant grant, DateTime now)
    {
        if (row is null)
        {
            db.DevicePermissions.Add(PermissionRows.New(pairingId, grant, now));
        }
        else
        {
            row.ExpiresAt = PermissionRows.ExpiryOf(grant);
            row.GrantedAt = now;
            row.UpdatedAt = now;
        }
    }
}
