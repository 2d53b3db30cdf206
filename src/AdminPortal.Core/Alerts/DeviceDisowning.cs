using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Alerts;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Alerts;

/// <summary>
/// "This was not me": suspends the device at once and opens an alert for the admins, in one commit. Said twice, it is said
/// once. The suspension is the portal's and not the owner's, so that whoever sits at the owner's account cannot lift it.
/// </summary>
public sealed class DeviceDisowning(IDbContextFactory<DeviceDbContext> databases)
{
    private const string Reason = "The owner says: this was not me.";
    private const int NoteLength = 500;

    /// <param name="note">What the owner knows about it; optional.</param>
    public async Task<DisownOutcome> DisownAsync(Actor actor, string pairingId, string? note, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (note is { Length: > NoteLength } || note?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return new DisownOutcome.Invalid($"Say it in at most {NoteLength} characters.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockPairingsAsync([pairingId], cancellationToken);
        var pairing = await DeviceList.VisibleTo(db, actor).Where(p => p.Id == pairingId)
            .Select(p => new { p.UserId, p.DeviceId, Title = p.DeviceName ?? DeviceTypeLabels.Of(p.DeviceType) }).SingleOrDefaultAsync(cancellationToken);
        if (pairing is null)
        {
            return new DisownOutcome.NotFound();
        }

        if (!actor.Owns(pairing.UserId))
        {
            return new DisownOutcome.NotAllowed();
        }

        if (await OpenSinceAsync(db, pairingId, cancellationToken) is { } since)
        {
            return new DisownOutcome.AlreadyOpen(since);
        }

        await DeviceQuarantines.SuspendAsync(db, actor, [pairingId], Reason, runId: null, cancellationToken);
        await db.DeviceStates.Where(s => s.PairingId == pairingId).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.ActorId, Actor.Portal.Id).SetProperty(s => s.Reason, Reason), cancellationToken);
        var alert = new DeviceAlert
        {
            Id = Ids.New(),
            Kind = AlertKind.Disowned,
            UserId = pairing.UserId,
            PairingId = pairingId,
            DeviceTitle = pairing.Title,
            OpenedBy = actor.Name ?? actor.Id,
            Note = Names.Clean(note),
        };
        db.DeviceAlerts.Add(alert);
        db.AddEvent(DeviceEventKind.Disowned, pairing.UserId, actor, pairingId, pairing.DeviceId, alert.Note);
        db.AddNotice(NoticeKind.DeviceDisowned, pairing.UserId, actor, pairingId, pairing.Title, alert.Note);
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairingId, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DisownOutcome.Done(alert.Id);
    }

    private static Task<DateTimeOffset?> OpenSinceAsync(DeviceDbContext db, string pairingId, CancellationToken cancellationToken) =>
        db.DeviceAlerts.Where(a => a.Kind == AlertKind.Disowned && a.PairingId == pairingId && a.ClosedAt == null)
            .Select(a => (DateTimeOffset?)a.OpenedAt).FirstOrDefaultAsync(cancellationToken);
}
