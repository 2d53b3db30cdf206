using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>
/// What people do to the sync of a device. Owners and admins deal with what was refused or lost; support may ask for a full read and
/// clear a push token, too. Every act commits with its row of history and its announcement, and only one of two at once does it.
/// </summary>
public sealed class SyncActs(IDbContextFactory<DeviceDbContext> databases, SyncPush push, ConflictRestoring restoring)
{
    /// <summary>Sends a refused operation again. What comes of it is the same however often it is asked for.</summary>
    public async Task<SyncActOutcome> RetryAsync(Actor actor, string rejectionId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SyncRejections.AsNoTracking().SingleOrDefaultAsync(r => r.Id == rejectionId, cancellationToken) is not { } rejection || !Sees(actor, rejection.UserId))
        {
            return new SyncActOutcome.NotFound();
        }

        if (!MayDecide(actor, rejection.UserId))
        {
            return new SyncActOutcome.NotAllowed();
        }

        if (rejection is { Closed: { } how })
        {
            return new SyncActOutcome.AlreadyDone(how, rejection.ClosedBy, rejection.ClosedAt);
        }

        // One new id for all tries: the ledger gives a second one the first one's result.
        if (Again(rejection.Operation, $"retry-{rejection.Id}") is not { } operation)
        {
            return new SyncActOutcome.StillRefused(SyncProblem.Validation, "It holds text that is not valid Unicode.");
        }

        var pushed = await push.PushAsync(new SyncCaller(rejection.UserId, rejection.DeviceId), new PushBatch(SyncSchema.Current, [operation]), cancellationToken);
        if (pushed is not PushOutcome.Done { Results: [var result] })
        {
            return new SyncActOutcome.StillRefused(((PushOutcome.Refused)pushed).Reason.Type, "The device may not sync now, so nothing can be written for it.");
        }

        if (result.Problem is { Type: SyncProblem.DependencyMissing } missing)
        {
            return new SyncActOutcome.StillRefused(missing.Type, missing.Detail); // it is kept nowhere else
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var by = actor.Name ?? actor.Id;
        var closed = await db.SyncRejections.Where(r => r.Id == rejectionId && r.Closed == null).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Closed, "retried").SetProperty(r => r.ClosedBy, by).SetProperty(r => r.ClosedAt, _ => DatabaseClock.Now()), cancellationToken);
        if (closed == 0)
        {
            var other = await db.SyncRejections.AsNoTracking().SingleAsync(r => r.Id == rejectionId, cancellationToken);
            return new SyncActOutcome.AlreadyDone(other.Closed!, other.ClosedBy, other.ClosedAt);
        }

        if (result.Status == PushResult.Rejected)
        {
            await transaction.CommitAsync(cancellationToken); // the new refusal stands in its place
            return new SyncActOutcome.StillRefused(result.Problem!.Type, result.Problem.Detail);
        }

        await FinishAsync(db, DeviceEventKind.RejectionRetried, actor, rejection.UserId, rejection.DeviceId, $"{rejection.Entity} {result.Id}: {result.Status}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SyncActOutcome.Done();
    }

    /// <summary>Puts the values back that lost a conflict.</summary>
    public async Task<SyncActOutcome> RestoreAsync(Actor actor, string conflictId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await db.SyncConflicts.Where(c => c.Id == conflictId).Select(c => c.UserId).SingleOrDefaultAsync(cancellationToken);
        return user is null || !Sees(actor, user) ? new SyncActOutcome.NotFound()
            : !MayDecide(actor, user) ? new SyncActOutcome.NotAllowed()
            : await SyncRetry.Pipeline.ExecuteAsync(async token => await restoring.RestoreAsync(actor, conflictId, user, token), cancellationToken);
    }

    /// <summary>Leaves a conflict as it is; the value that lost stays kept.</summary>
    public async Task<SyncActOutcome> DismissConflictAsync(Actor actor, string conflictId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.SyncConflicts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == conflictId, cancellationToken);
        if (found is null || !MayDecide(actor, found.UserId))
        {
            return found is null || !Sees(actor, found.UserId) ? new SyncActOutcome.NotFound() : new SyncActOutcome.NotAllowed();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var by = actor.Name ?? actor.Id;
        if (await db.SyncConflicts.Where(c => c.Id == conflictId && c.Closed == null).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Closed, "dismissed").SetProperty(c => c.ClosedBy, by).SetProperty(c => c.ClosedAt, _ => DatabaseClock.Now()), cancellationToken) == 0)
        {
            var now = await db.SyncConflicts.AsNoTracking().SingleAsync(c => c.Id == conflictId, cancellationToken);
            return new SyncActOutcome.AlreadyDone(now.Closed!, now.ClosedBy, now.ClosedAt);
        }

        await FinishAsync(db, DeviceEventKind.SyncDismissed, actor, found.UserId, found.DeviceId, $"conflict on {found.Entity} {found.EntityId}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SyncActOutcome.Done();
    }

    /// <summary>Leaves a refused operation as it is; it stays kept.</summary>
    public async Task<SyncActOutcome> DismissRejectionAsync(Actor actor, string rejectionId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.SyncRejections.AsNoTracking().SingleOrDefaultAsync(r => r.Id == rejectionId, cancellationToken);
        if (found is null || !MayDecide(actor, found.UserId))
        {
            return found is null || !Sees(actor, found.UserId) ? new SyncActOutcome.NotFound() : new SyncActOutcome.NotAllowed();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var by = actor.Name ?? actor.Id;
        if (await db.SyncRejections.Where(r => r.Id == rejectionId && r.Closed == null).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Closed, "dismissed").SetProperty(r => r.ClosedBy, by).SetProperty(r => r.ClosedAt, _ => DatabaseClock.Now()), cancellationToken) == 0)
        {
            var now = await db.SyncRejections.AsNoTracking().SingleAsync(r => r.Id == rejectionId, cancellationToken);
            return new SyncActOutcome.AlreadyDone(now.Closed!, now.ClosedBy, now.ClosedAt);
        }

        await FinishAsync(db, DeviceEventKind.SyncDismissed, actor, found.UserId, found.DeviceId, $"refused change of {found.Entity} {found.EntityId ?? found.ClientId}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SyncActOutcome.Done();
    }

    /// <summary>Has the device read everything again; what waits on it stays there and is sent.</summary>
    public Task<SyncActOutcome> RequestResyncAsync(Actor actor, string deviceId, CancellationToken cancellationToken) =>
        OnDeviceAsync(actor, deviceId, DeviceEventKind.ResyncRequested, "requested", (db, user) => db.SyncDeviceStates
            .Where(s => s.DeviceId == deviceId && s.UserId == user && s.ResyncRequestedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ResyncRequestedAt, _ => DatabaseClock.Now()), cancellationToken), cancellationToken);

    /// <summary>Takes that back while the device has not begun; afterwards there is nothing to take back.</summary>
    public Task<SyncActOutcome> TakeBackResyncAsync(Actor actor, string deviceId, CancellationToken cancellationToken) =>
        OnDeviceAsync(actor, deviceId, DeviceEventKind.ResyncTakenBack, "taken back or begun", (db, user) => db.SyncDeviceStates
            .Where(s => s.DeviceId == deviceId && s.UserId == user && s.ResyncRequestedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ResyncRequestedAt, (DateTimeOffset?)null), cancellationToken), cancellationToken);

    /// <summary>Forgets the push token; the device sends another when it registers next.</summary>
    public Task<SyncActOutcome> ClearPushTokenAsync(Actor actor, string deviceId, CancellationToken cancellationToken) =>
        OnDeviceAsync(actor, deviceId, DeviceEventKind.PushTokenCleared, "cleared", async (db, user) =>
        {
            await db.SyncDeviceStates.Where(s => s.DeviceId == deviceId && s.UserId == user).ExecuteUpdateAsync(set => set.SetProperty(s => s.PushTokenAt, (DateTimeOffset?)null), cancellationToken);
            return await db.Devices.Where(d => d.DeviceId == deviceId && d.UserId == user && d.PushToken != null).ExecuteUpdateAsync(
                set => set.SetProperty(d => d.PushToken, (string?)null).SetProperty(d => d.UpdatedAt, _ => DatabaseClock.UtcNow()), cancellationToken);
        }, cancellationToken);

    private async Task<SyncActOutcome> OnDeviceAsync(
        Actor actor, string deviceId, string kind, string how, Func<DeviceDbContext, string, Task<int>> act, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await db.Devices.Where(d => d.DeviceId == deviceId).Select(d => d.UserId).SingleOrDefaultAsync(cancellationToken);
        if (user is null || !Sees(actor, user))
        {
            return new SyncActOutcome.NotFound();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await act(db, user) == 0)
        {
            var last = await db.DeviceEvents.AsNoTracking().Where(e => e.UserId == user && e.DeviceId == deviceId && e.Kind == kind).OrderByDescending(e => e.Id).FirstOrDefaultAsync(cancellationToken);
            return new SyncActOutcome.AlreadyDone(how, last?.ActorName, last?.At);
        }

        await FinishAsync(db, kind, actor, user, deviceId, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SyncActOutcome.Done();
    }

    internal static async Task FinishAsync(DeviceDbContext db, string kind, Actor actor, string userId, string deviceId, string? detail, CancellationToken cancellationToken)
    {
        var pairing = await db.DevicePairings.Where(p => p.DeviceId == deviceId && p.UserId == userId).Select(p => p.Id).FirstOrDefaultAsync(cancellationToken);
        db.AddEvent(kind, userId, actor, pairing, deviceId, detail: detail);
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(userId, pairing, null), cancellationToken);
    }

    /// <summary>Null: it cannot be written as JSON again.</summary>
    private static JsonElement? Again(string operation, string opId)
    {
        try
        {
            using var document = JsonDocument.Parse(operation);
            var members = document.RootElement.EnumerateObject().Where(m => m.Name != "opId").ToDictionary(m => m.Name, m => m.Value.Clone(), StringComparer.Ordinal);
            members["opId"] = JsonSerializer.SerializeToElement(opId);
            return JsonSerializer.SerializeToElement(members);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static bool Sees(Actor actor, string userId) => actor.SeesEveryone || actor.Owns(userId);

    private static bool MayDecide(Actor actor, string userId) => actor.IsAdmin || actor.Owns(userId);
}
