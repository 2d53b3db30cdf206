using System.Text.Json;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Bulk;

/// <summary>
/// Works through a frozen selection, some hundred devices per transaction. Each device's outcome is written in the
/// transaction that changes it, so a run that was killed goes on exactly where it was, also when two instances try.
/// </summary>
internal sealed class BulkWork(DeviceDatabases databases) : IRunWork
{
    private const int BatchSize = 500;
    private const int Tries = 3;

    public IReadOnlyCollection<string> Kinds { get; } = [.. Enum.GetValues<BulkAct>().Select(BulkWords.Kind)];

    public async Task WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        var (selectionId, order) = JsonSerializer.Deserialize<BulkParameters>(run.Parameters)!;
        var (done, skipped, total) = await CountAsync(run, selectionId, cancellationToken);
        if (total == 0)
        {
            throw new RunFailedException("The list of devices is gone, so nothing was changed. Select them again.");
        }

        run.Report(done, skipped, total);
        while (done + skipped < total && !run.StopsHere())
        {
            var (changed, unchanged) = await BatchAsync(run, selectionId, order, cancellationToken);
            if (changed + unchanged == 0)
            {
                return; // another instance was at it at the same time and did the rest
            }

            done += changed;
            skipped += unchanged;
            run.Report(done, skipped, total);
        }
    }

    private async Task<(int Done, int Skipped, int Total)> CountAsync(RunContext run, string selectionId, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateDbContext(run.Target);
        var counts = await db.DeviceSelectionItems.Where(i => i.SelectionId == selectionId).GroupBy(i => i.Outcome)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        return (counts.Where(c => c.Key == "done").Sum(c => c.Count), counts.Where(c => c.Key == "skipped").Sum(c => c.Count), counts.Sum(c => c.Count));
    }

    private async Task<(int Changed, int Unchanged)> BatchAsync(RunContext run, string selectionId, BulkOrder order, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await BatchOnceAsync(run, selectionId, order, cancellationToken);
            }
            catch (PostgresException exception) when (attempt < Tries && exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Someone else held the same devices in another order; the next try begins where this one did.
            }
        }
    }

    private async Task<(int Changed, int Unchanged)> BatchOnceAsync(RunContext run, string selectionId, BulkOrder order, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateDbContext(run.Target);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var items = await db.DeviceSelectionItems.FromSql($"""
            SELECT * FROM portal.device_selection_items WHERE "selectionId" = {selectionId} AND outcome IS NULL ORDER BY position LIMIT {BatchSize} FOR UPDATE
            """).AsNoTracking().ToListAsync(cancellationToken);
        if (items.Count == 0)
        {
            return (0, 0);
        }

        string[] ids = [.. items.Select(i => i.PairingId)];
        if (run.UndoOf is { } undone)
        {
            ids = await StillAsLeftAsync(db, ids, undone, order, cancellationToken);
        }

        var changes = await ApplyAsync(db, run, order, ids, items.ToDictionary(i => i.PairingId, i => i.Before), cancellationToken);
        string[] changed = [.. changes.Keys];
        string?[] befores = [.. changes.Values];
        int[] positions = [.. items.Select(i => i.Position)];
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.device_selection_items i SET outcome = CASE WHEN c.id IS NULL THEN 'skipped' ELSE 'done' END, before = coalesce(i.before, c.before)
             FROM unnest({positions}) AS n(position)
             JOIN portal.device_selection_items o ON o."selectionId" = {selectionId} AND o.position = n.position
             LEFT JOIN unnest({changed}, {befores}) AS c(id, before) ON c.id = o."pairingId"
             WHERE i."selectionId" = o."selectionId" AND i.position = o.position
             """, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (changed.Length, items.Count - changed.Length);
    }

    /// <summary>The changed devices, each with what its scope's end was before.</summary>
    private static async Task<IReadOnlyDictionary<string, string?>> ApplyAsync(
        DeviceDbContext db, RunContext run, BulkOrder order, string[] ids, IReadOnlyDictionary<string, string?> befores, CancellationToken cancellationToken) => order.Act switch
        {
            BulkAct.Revoke => Plain(await DeviceEndings.EndAsync(db, run.Actor, ids, run.Reason, run.Id, run.CreatedAt, cancellationToken)),
            BulkAct.Quarantine => Plain(await DeviceQuarantines.SuspendAsync(db, run.Actor, ids, run.Reason!, run.Id, cancellationToken)),
            BulkAct.Release => Plain(await DeviceQuarantines.ReleaseAsync(db, run.Actor, ids, run.Reason, run.Id, onlyBy: null, cancellationToken)),
            BulkAct.TakeScope => await ScopeChanges.TakeAsync(db, run.Actor, ids, order.Scope!.Value, run.Reason, run.Id, cancellationToken),
            BulkAct.ExtendScope => await ScopeChanges.ExtendAsync(db, run.Actor, ids, order.Scope!.Value, order.Until, run.Reason, run.Id, cancellationToken),
            BulkAct.RestoreScope => await ScopeChanges.RestoreAsync(db, run.Actor, Known(ids, befores), order.Scope!.Value, run.Reason, run.Id, cancellationToken),
            _ => await ScopeChanges.UnextendAsync(db, run.Actor, Known(ids, befores), order.Scope!.Value, order.Until, run.Reason, run.Id, cancellationToken),
        };

    /// <summary>
    /// For taking back: devices that the undone run was the last to suspend or release. One that somebody released, suspended
    /// or ended since is as that person wants it.
    /// </summary>
    private static async Task<string[]> StillAsLeftAsync(
        DeviceDbContext db, string[] ids, string undone, BulkOrder order, CancellationToken cancellationToken)
    {
        if (order.Act is not (BulkAct.Release or BulkAct.Quarantine))
        {
            return ids; // for scopes the rows themselves tell
        }

        return [.. await db.Database.SqlQuery<string>(
            $"""
             SELECT i.id AS "Value" FROM unnest({ids}) AS i(id)
             CROSS JOIN LATERAL (
                SELECT e."runId" FROM portal.device_events e
                WHERE e."pairingId" = i.id AND e.kind IN ('quarantined', 'released', 'revoked', 'paired') ORDER BY e.id DESC LIMIT 1) AS last
             WHERE last."runId" = {undone}
             """).ToListAsync(cancellationToken)];
    }

    private static Dictionary<string, string?> Plain(IReadOnlyList<string> ids) => ids.ToDictionary(id => id, _ => (string?)null);

    private static Dictionary<string, string?> Known(string[] ids, IReadOnlyDictionary<string, string?> befores) => ids.ToDictionary(id => id, id => befores[id]);
}
