using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Values that lost a conflict, as a device is told of them.</summary>
/// <param name="Mine">True: they were this device's, and another writer's won. False: this device's won, or met a deletion.</param>
/// <param name="Lost">By field.</param>
/// <param name="ByDelete">A deletion won, or met newer changes.</param>
/// <param name="Closed"><c>restored</c> or <c>dismissed</c>; null: open.</param>
public sealed record DeviceConflict(string Id, string Entity, string EntityId, string OpId, bool Mine, JsonElement Lost, bool ByDelete, DateTimeOffset At,
    [property: AllowedValues("restored", "dismissed")] string? Closed);

/// <summary>What came of asking for conflicts.</summary>
public abstract record ConflictsOutcome
{
    private ConflictsOutcome()
    {
    }

    /// <param name="Conflicts">The newest first.</param>
    public sealed record Done(IReadOnlyList<DeviceConflict> Conflicts) : ConflictsOutcome;

    public sealed record Refused(SyncRefusal Reason) : ConflictsOutcome;
}

/// <summary>Tells a device which of its values lost, and which it overwrote: of two that changed one field, the one that was quicker hears of it nowhere else.</summary>
public sealed class SyncConflictList(DeviceDatabases databases)
{
    /// <summary>The newest of those of the device's person that concern the device.</summary>
    public const int Limit = 100;

    public async Task<ConflictsOutcome> ReadAsync(SyncCaller caller, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        var owner = await db.Devices.Where(d => d.DeviceId == caller.DeviceId).Select(d => d.UserId).FirstOrDefaultAsync(cancellationToken);
        if (owner != caller.UserId)
        {
            return new ConflictsOutcome.Refused(owner is null ? new SyncRefusal.NotRegistered() : new SyncRefusal.NotYours());
        }

        var found = await db.SyncConflicts.AsNoTracking()
            .Where(c => c.UserId == caller.UserId && (c.LosingDeviceId == caller.DeviceId || c.DeviceId == caller.DeviceId))
            .OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Take(Limit).ToListAsync(cancellationToken);
        return new ConflictsOutcome.Done([.. found.Select(c => new DeviceConflict(
            c.Id, c.Entity, c.EntityId, c.OpId, c.LosingDeviceId == caller.DeviceId, JsonElement.Parse(c.Losing), c.ByDelete, c.At, c.Closed))]);
    }
}
