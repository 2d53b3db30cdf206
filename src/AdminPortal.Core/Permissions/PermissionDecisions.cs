using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Permissions;

/// <summary>
/// The owner or an admin answers a device's request, once: of two who decide at the same time the second is told what
/// the first did. Support reads and decides nothing.
/// </summary>
public sealed class PermissionDecisions(IDbContextFactory<DeviceDbContext> databases, TimeProvider time)
{
    public const int ReasonLength = 500;

    /// <summary>Grants the scope until a moment (UTC), or when null as long as the pairing lasts.</summary>
    public Task<DecideOutcome> GrantAsync(Actor actor, string requestId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken) =>
        DecideAsync(actor, requestId, new Decision(RequestState.Granted, until, reason), cancellationToken);

    public Task<DecideOutcome> RefuseAsync(Actor actor, string requestId, string? reason, CancellationToken cancellationToken) =>
        DecideAsync(actor, requestId, new Decision(RequestState.Refused, null, reason), cancellationToken);

    private async Task<DecideOutcome> DecideAsync(Actor actor, string requestId, Decision decision, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (ScopeRules.EndProblem(decision.Until, "The end of the grant", time) is { } problem)
        {
            return new DecideOutcome.Invalid(problem);
        }

        if (decision.Reason is { Length: > ReasonLength } || decision.Reason?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return new DecideOutcome.Invalid($"A reason is a text of at most {ReasonLength} characters.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairingId = await db.PermissionRequests.Where(r => r.Id == requestId).Select(r => r.PairingId).FirstOrDefaultAsync(cancellationToken);
        if (pairingId is null)
        {
            return new DecideOutcome.NotFound();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockPairingsAsync([pairingId], cancellationToken);
        var request = await db.PermissionRequests.SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
        var pairing = await db.DevicePairings.Include(p => p.Permissions).SingleOrDefaultAsync(p => p.Id == pairingId, cancellationToken);
        if (request is null || pairing is null || (!actor.SeesEveryone && !actor.Owns(pairing.UserId)))
        {
            return new DecideOutcome.NotFound();
        }

        if (await RefusalAsync(db, actor, request, pairing, decision, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var now = await db.DevicePairings.Where(p => p.Id == pairingId).Select(_ => DatabaseClock.Now()).SingleAsync(cancellationToken);
        if (!pairing.IsActive || pairing.ExpiresAt <= now.UtcDateTime)
        {
            return new DecideOutcome.NotActive();
        }

        request.State = decision.State;
        request.DecidedAt = now;
        request.DecidedBy = actor.Name ?? actor.Id;
        request.DecisionReason = Names.Clean(decision.Reason);
        if (decision.State == RequestState.Granted)
        {
            PermissionRows.Grant(db, pairing, new ScopeGrant(request.Scope, decision.Until), now.UtcDateTime);
        }

        Record(db, actor, request, pairing, decision);
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairing.Id, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DecideOutcome.Done();
    }

    private static async Task<DecideOutcome?> RefusalAsync(
        DeviceDbContext db, Actor actor, PermissionRequest request, DevicePairing pairing, Decision decision, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin && !actor.Owns(pairing.UserId))
        {
            return new DecideOutcome.NotAllowed();
        }

        if (request.State != RequestState.Open)
        {
            return new DecideOutcome.AlreadyDecided(request.State, request.DecidedBy, request.DecidedAt);
        }

        var policies = await HeldPolicies.ForAsync(db, pairing.UserId, pairing.Id, cancellationToken);
        return decision.State == RequestState.Granted && ScopeRules.NeedAdmin(actor, [new(request.Scope)], policies) is [var scope, ..]
            ? new DecideOutcome.NotAllowed(scope)
            : null;
    }

    private static void Record(DeviceDbContext db, Actor actor, PermissionRequest request, DevicePairing pairing, Decision decision)
    {
        var granted = decision.State == RequestState.Granted;
        var words = ScopeNames.Of(request.Scope) + (granted ? PermissionNotices.Until(decision.Until) : "");
        db.AddEvent(
            granted ? DeviceEventKind.PermissionGranted : DeviceEventKind.PermissionRefused,
            pairing.UserId, actor, pairing.Id, pairing.DeviceId, request.DecisionReason, words);
        db.AddNotice(
            NoticeKind.PermissionDecided, pairing.UserId, actor, pairing.Id, pairing.DeviceName ?? DeviceTypeLabels.Of(pairing.DeviceType),
            request.DecisionReason, $"{decision.State}: {words}");
    }

    private sealed record Decision(string State, DateTimeOffset? Until, string? Reason);
}
