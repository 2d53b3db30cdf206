using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// What people do to paired devices. Owners act on their own, admins on everyone's; a device may end itself. Owners release
/// only what they themselves suspended: an admin's quarantine is not theirs to lift. Every act commits with its row of
/// history and its announcement to open pages.
/// </summary>
public sealed class DeviceActs(IDbContextFactory<DeviceDbContext> databases)
{
    private const int ReasonLength = 500;

    /// <summary>Ends a pairing for good: the device's next call is refused, and it has to be paired again.</summary>
    public async Task<DeviceActOutcome> RevokeAsync(Actor actor, string pairingId, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!IsReason(reason))
        {
            return new DeviceActOutcome.Invalid($"A reason is a text of at most {ReasonLength} characters.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairing = await FindAsync(db, actor, pairingId, cancellationToken);
        if (pairing is null)
        {
            return new DeviceActOutcome.NotFound();
        }

        if (!MayAct(actor, pairing) && actor.Id != $"device:{pairing.Id}")
        {
            return new DeviceActOutcome.NotAllowed();
        }

        var ended = await DeviceEndings.EndAsync(db, actor, [pairing.Id], Names.Clean(reason), cancellationToken);
        return ended.Count > 0 ? new DeviceActOutcome.Done() : await AlreadyEndedAsync(db, pairingId, cancellationToken);
    }

    /// <summary>
    /// Suspends a device at once and reversibly: its next call is refused, it cannot be paired again meanwhile, and its scopes
    /// are kept for <see cref="ReleaseAsync"/>. For a device that is lost but may turn up.
    /// </summary>
    public async Task<DeviceActOutcome> QuarantineAsync(Actor actor, string pairingId, string reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!IsReason(reason) || Names.Clean(reason) is not { } why)
        {
            return new DeviceActOutcome.Invalid($"Say why, in at most {ReasonLength} characters.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairing = await FindAsync(db, actor, pairingId, cancellationToken);
        if (pairing is null)
        {
            return new DeviceActOutcome.NotFound();
        }

        if (!MayAct(actor, pairing))
        {
            return new DeviceActOutcome.NotAllowed();
        }

        if ((await DeviceQuarantines.SuspendAsync(db, actor, [pairing.Id], why, runId: null, cancellationToken)).Count > 0)
        {
            return new DeviceActOutcome.Done();
        }

        return await db.DeviceStates.AsNoTracking().FirstOrDefaultAsync(s => s.PairingId == pairingId, cancellationToken) is { } state
            ? new DeviceActOutcome.AlreadyQuarantined(state.QuarantinedAt, state.ActorName, state.Reason)
            : await AlreadyEndedAsync(db, pairingId, cancellationToken);
    }

    /// <summary>Gives a suspended device back what it had: the same token and scopes, until the same expiry.</summary>
    public async Task<DeviceActOutcome> ReleaseAsync(Actor actor, string pairingId, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!IsReason(reason))
        {
            return new DeviceActOutcome.Invalid($"A reason is a text of at most {ReasonLength} characters.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairing = await FindAsync(db, actor, pairingId, cancellationToken);
        if (pairing is null)
        {
            return new DeviceActOutcome.NotFound();
        }

        if (!MayAct(actor, pairing))
        {
            return new DeviceActOutcome.NotAllowed();
        }

        var onlyBy = actor.IsAdmin ? null : actor.Id;
        if ((await DeviceQuarantines.ReleaseAsync(db, actor, [pairing.Id], Names.Clean(reason), runId: null, onlyBy, cancellationToken)).Count == 0)
        {
            return await NotReleasedAsync(db, pairingId, cancellationToken);
        }

        var expired = await db.DevicePairings.Where(p => p.Id == pairingId && p.ExpiresAt <= DatabaseClock.UtcNow())
            .Select(p => (DateTime?)p.ExpiresAt).FirstOrDefaultAsync(cancellationToken);
        return expired is { } at ? new DeviceActOutcome.ReleasedExpired(at) : new DeviceActOutcome.Done();
    }

    /// <summary>Ends every pairing of a person but one; returns how many it ended.</summary>
    public async Task<int> RevokeAllOthersAsync(
        Actor actor, string userId, string? keepPairingId, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin && !actor.Owns(userId) && actor != Actor.Portal)
        {
            return 0;
        }

        if (!IsReason(reason))
        {
            throw new ArgumentException($"A reason is a text of at most {ReasonLength} characters.", nameof(reason));
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairings = await db.DevicePairings.Where(p => p.UserId == userId && (p.IsActive || p.State != null) && p.Id != keepPairingId)
            .Select(p => p.Id).ToArrayAsync(cancellationToken);
        return (await DeviceEndings.EndAsync(db, actor, pairings, Names.Clean(reason), cancellationToken)).Count;
    }

    /// <summary>Gives a device the name that people see; at most 80 characters.</summary>
    public async Task<DeviceActOutcome> RenameAsync(Actor actor, string pairingId, string name, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (Names.Check(name, "The name") is { } problem)
        {
            return new DeviceActOutcome.Invalid(problem);
        }

        if (Names.Clean(name) is not { } clean)
        {
            return new DeviceActOutcome.Invalid("Give the device a name.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairing = await FindAsync(db, actor, pairingId, cancellationToken);
        if (pairing is null)
        {
            return new DeviceActOutcome.NotFound();
        }

        if (!MayAct(actor, pairing))
        {
            return new DeviceActOutcome.NotAllowed();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.DevicePairings.Where(p => p.Id == pairingId).ExecuteUpdateAsync(
            set => set.SetProperty(p => p.DeviceName, clean).SetProperty(p => p.UpdatedAt, _ => DatabaseClock.UtcNow()), cancellationToken);
        db.AddEvent(DeviceEventKind.Renamed, pairing.UserId, actor, pairing.Id, pairing.DeviceId, detail: $"{pairing.DeviceName ?? "(no name)"} → {clean}");
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairing.Id, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeviceActOutcome.Done();
    }

    private static async Task<DeviceActOutcome> AlreadyEndedAsync(DeviceDbContext db, string pairingId, CancellationToken cancellationToken)
    {
        var ended = await LastAsync(db, pairingId, DeviceEventKind.Revoked, cancellationToken);
        return new DeviceActOutcome.AlreadyEnded(ended?.At, ended?.ActorName);
    }

    /// <summary>Why nothing was released, as it is now.</summary>
    private static async Task<DeviceActOutcome> NotReleasedAsync(DeviceDbContext db, string pairingId, CancellationToken cancellationToken)
    {
        if (await db.DeviceStates.AnyAsync(s => s.PairingId == pairingId, cancellationToken))
        {
            return new DeviceActOutcome.NotAllowed(); // suspended by someone else
        }

        if (!await db.DevicePairings.AnyAsync(p => p.Id == pairingId && p.IsActive, cancellationToken))
        {
            return await AlreadyEndedAsync(db, pairingId, cancellationToken);
        }

        var released = await LastAsync(db, pairingId, DeviceEventKind.Released, cancellationToken);
        return new DeviceActOutcome.NotQuarantined(released?.At, released?.ActorName);
    }

    private static Task<DeviceEvent?> LastAsync(DeviceDbContext db, string pairingId, string kind, CancellationToken cancellationToken) =>
        db.DeviceEvents.AsNoTracking().Where(e => e.PairingId == pairingId && e.Kind == kind).OrderByDescending(e => e.Id).FirstOrDefaultAsync(cancellationToken);

    private static bool IsReason(string? reason) => reason is null || (reason.Length <= ReasonLength && !reason.Contains('\0', StringComparison.Ordinal));

    /// <summary>Others' devices do not exist for people who may not see them.</summary>
    private static Task<DevicePairing?> FindAsync(DeviceDbContext db, Actor actor, string pairingId, CancellationToken cancellationToken)
    {
        var pairings = db.DevicePairings.AsNoTracking().Where(p => p.Id == pairingId);
        if (!actor.SeesEveryone && actor.Id != $"device:{pairingId}")
        {
            pairings = pairings.Where(p => actor.IsPerson && p.UserId == actor.UserId);
        }

        return pairings.FirstOrDefaultAsync(cancellationToken);
    }

    private static bool MayAct(Actor actor, DevicePairing pairing) => actor.IsAdmin || actor.Owns(pairing.UserId);
}
