using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Alerts;

/// <summary>What came of concluding on an alert.</summary>
public abstract record AlertOutcome
{
    private AlertOutcome()
    {
    }

    public sealed record Closed : AlertOutcome;

    /// <summary>Another admin was quicker; their conclusion stands.</summary>
    public sealed record AlreadyClosed(DateTimeOffset At, string? By, string? Conclusion) : AlertOutcome;

    public sealed record NotFound : AlertOutcome;

    public sealed record NotAllowed : AlertOutcome;

    public sealed record Invalid(string Message) : AlertOutcome;
}

/// <summary>What admins do about alerts. Ending or releasing the device is an act on the device, and closes nothing by itself.</summary>
public sealed class AlertActs(IDbContextFactory<DeviceDbContext> databases)
{
    private const int ConclusionLength = 500;

    /// <summary>Closes the alert with words that the owner is told. Of two admins at once, one concludes and the other hears so.</summary>
    public async Task<AlertOutcome> CloseAsync(Actor actor, string alertId, string conclusion, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return actor.SeesEveryone ? new AlertOutcome.NotAllowed() : new AlertOutcome.NotFound();
        }

        if (Names.Clean(conclusion) is not { Length: <= ConclusionLength } words || words.Contains('\0', StringComparison.Ordinal))
        {
            return new AlertOutcome.Invalid($"Say what you found out and did, in at most {ConclusionLength} characters.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var closed = await db.DeviceAlerts.Where(a => a.Id == alertId && a.ClosedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(a => a.ClosedAt, _ => DatabaseClock.Now()).SetProperty(a => a.ClosedBy, actor.Name ?? actor.Id).SetProperty(a => a.Conclusion, words),
            cancellationToken);
        var alert = await db.DeviceAlerts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == alertId, cancellationToken);
        if (alert is null)
        {
            return new AlertOutcome.NotFound();
        }

        if (closed == 0)
        {
            return new AlertOutcome.AlreadyClosed(alert.ClosedAt!.Value, alert.ClosedBy, alert.Conclusion);
        }

        var deviceId = await db.DevicePairings.Where(p => p.Id == alert.PairingId).Select(p => p.DeviceId).SingleOrDefaultAsync(cancellationToken);
        db.AddEvent(DeviceEventKind.AlertClosed, alert.UserId, actor, alert.PairingId, deviceId, words);
        db.AddNotice(NoticeKind.AlertConcluded, alert.UserId, actor, alert.PairingId, alert.DeviceTitle, words);
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(alert.UserId, alert.PairingId, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AlertOutcome.Closed();
    }
}
