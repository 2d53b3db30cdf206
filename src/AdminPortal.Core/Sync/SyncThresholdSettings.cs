using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>What came of setting the thresholds.</summary>
public abstract record ThresholdOutcome
{
    private ThresholdOutcome()
    {
    }

    public sealed record Done : ThresholdOutcome;

    /// <summary>Someone else set them meanwhile, to these.</summary>
    public sealed record ChangedMeanwhile(SyncThresholds Current) : ThresholdOutcome;

    public sealed record Invalid(string Message) : ThresholdOutcome;

    public sealed record NotAllowed : ThresholdOutcome;
}

/// <summary>The thresholds of verdicts: what others would change, and setting them. Every change is in the audit record.</summary>
public sealed class SyncThresholdSettings(DeviceDatabases databases, SyncStatusList list, AuditLog audit)
{
    public async Task<SyncThresholds> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.CreateDbContext();
        return await SyncThresholds.ReadAsync(db, cancellationToken);
    }

    /// <summary>How many devices would have each verdict; null: these may not hold. Changes nothing.</summary>
    public async Task<IReadOnlyDictionary<SyncVerdict, Tally>?> SimulateAsync(Actor actor, SyncThresholds thresholds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        return actor.SeesEveryone && thresholds.Wrong is null ? await list.CountAsync(actor, new SyncStatusQuery(), thresholds, cancellationToken) : null;
    }

    /// <summary>Holds for everyone at once.</summary>
    /// <param name="seen">What the admin saw to hold: when another was quicker, nothing is set.</param>
    public async Task<ThresholdOutcome> SetAsync(Actor actor, SyncThresholds thresholds, SyncThresholds seen, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        ArgumentNullException.ThrowIfNull(thresholds);
        if (!actor.IsAdmin)
        {
            return new ThresholdOutcome.NotAllowed();
        }

        if (thresholds.Wrong is { } wrong)
        {
            return new ThresholdOutcome.Invalid(wrong);
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var current = SyncThresholds.Parse(await db.SyncMeta.FromSql($"SELECT * FROM sync.meta FOR UPDATE").AsNoTracking().Select(m => m.Thresholds).SingleAsync(cancellationToken));
        if (current != seen)
        {
            return new ThresholdOutcome.ChangedMeanwhile(current);
        }

        var json = thresholds.ToJson();
        await db.SyncMeta.ExecuteUpdateAsync(set => set.SetProperty(m => m.Thresholds, json), cancellationToken);
        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await audit.WriteAsync(actor, "sync.thresholds-set", databases.PrimaryName, "ok", Changed(current, thresholds), cancellationToken);
        return new ThresholdOutcome.Done();
    }

    private static string Changed(SyncThresholds from, SyncThresholds to) =>
        string.Join(", ", SyncThreshold.All.Where(t => t.Get(from) != t.Get(to)).Select(t => $"{t.Name} {t.Get(from)} → {t.Get(to)}")) is { Length: > 0 } changes ? changes : "nothing changed";
}
