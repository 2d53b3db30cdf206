using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Bulk;
using AdminPortal.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Bulk;

/// <summary>
/// Starts acts on many devices, as runs in the background, and takes them back. For admins only. A selection runs at most
/// once: the first click claims it, and the second is told of the run.
/// </summary>
public sealed class BulkActs(DeviceDatabases databases, OperationRuns runs, IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private const int ReasonLength = 500;

    /// <summary>Starts the act that was previewed.</summary>
    /// <param name="confirmed">The number of devices that the person typed.</param>
    /// <param name="includeOwn">False: the actor's own devices are left out.</param>
    public async Task<BulkOutcome> StartAsync(
        Actor actor, string selectionId, BulkOrder order, string? reason, int confirmed, bool includeOwn, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new BulkOutcome.NotAllowed();
        }

        if (Problem(order, reason) is { } problem)
        {
            return new BulkOutcome.Invalid(problem);
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var runId = Ids.New();
        var claimed = await db.DeviceSelections.Where(s => s.Id == selectionId && s.ActorId == actor.Id && s.RunId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.RunId, runId), cancellationToken);
        if (claimed == 0)
        {
            return await db.DeviceSelections.Where(s => s.Id == selectionId && s.ActorId == actor.Id).Select(s => s.RunId).FirstOrDefaultAsync(cancellationToken) is { } other
                ? new BulkOutcome.AlreadyStarted(other)
                : new BulkOutcome.NotFound();
        }

        if (!includeOwn && actor.UserId is { } own)
        {
            await db.DeviceSelectionItems.Where(i => i.SelectionId == selectionId && db.DevicePairings.Any(p => p.Id == i.PairingId && p.UserId == own))
                .ExecuteDeleteAsync(cancellationToken);
        }

        var affected = await BulkPreviews.Affected(db, selectionId, order).CountAsync(cancellationToken);
        if (affected != confirmed || affected == 0)
        {
            return new BulkOutcome.Changed(affected); // not committed: the selection can still be run
        }

        var total = await db.DeviceSelectionItems.CountAsync(i => i.SelectionId == selectionId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await StartAsync(actor, new NewRun(
            runId, BulkWords.Kind(order.Act), databases.PrimaryName, BulkWords.Title(order, affected),
            JsonSerializer.Serialize(new BulkParameters(selectionId, order)), reason!.Trim(), total), cancellationToken);
    }

    /// <summary>Takes back what a finished run changed and nobody changed since. What it did not change is not touched.</summary>
    public async Task<BulkOutcome> UndoAsync(Actor actor, string runId, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return actor.SeesEveryone ? new BulkOutcome.NotAllowed() : new BulkOutcome.NotFound();
        }

        var run = await FinishedAsync(runId, cancellationToken);
        if (run is null || JsonSerializer.Deserialize<BulkParameters>(run.Parameters) is not { } done)
        {
            return new BulkOutcome.NotFound();
        }

        if (BulkWords.Undoing(done.Order.Act) is not { } act)
        {
            return new BulkOutcome.Invalid("Revoked devices cannot be brought back. Each has to be paired again.");
        }

        var order = done.Order with { Act = act };
        if (Problem(order, reason) is { } problem)
        {
            return new BulkOutcome.Invalid(problem);
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var undo = new DeviceSelection { Id = Ids.New(), ActorId = actor.Id, Description = $"undo of “{run.Title}”", RunId = Ids.New() };
        db.DeviceSelections.Add(undo);
        await db.SaveChangesAsync(cancellationToken);
        var total = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.device_selection_items ("selectionId", position, "pairingId", before)
             SELECT {undo.Id}, position, "pairingId", before FROM portal.device_selection_items WHERE "selectionId" = {done.SelectionId} AND outcome = 'done'
             """, cancellationToken);
        if (total == 0)
        {
            return new BulkOutcome.NothingToUndo();
        }

        await transaction.CommitAsync(cancellationToken);
        return await StartAsync(actor, new NewRun(
            undo.RunId, BulkWords.Kind(act), databases.PrimaryName, BulkWords.Title(order, total),
            JsonSerializer.Serialize(new BulkParameters(undo.Id, order)), reason!.Trim(), total, UndoOf: runId), cancellationToken);
    }

    private async Task<OperationRun?> FinishedAsync(string runId, CancellationToken cancellationToken)
    {
        var kinds = Enum.GetValues<BulkAct>().Select(BulkWords.Kind).ToArray();
        await using var portal = await contexts.CreateDbContextAsync(cancellationToken);
        return await portal.OperationRuns.AsNoTracking().FirstOrDefaultAsync(r => r.Id == runId && r.FinishedAt != null && kinds.Contains(r.Kind), cancellationToken);
    }

    private async Task<BulkOutcome> StartAsync(Actor actor, NewRun run, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.StartAsync(actor, run, cancellationToken) switch
            {
                StartRunOutcome.Started started => new BulkOutcome.Started(started.RunId),
                StartRunOutcome.AlreadyUndone undone => new BulkOutcome.AlreadyStarted(undone.RunId),
                StartRunOutcome.AlreadyRunning running => new BulkOutcome.AlreadyStarted(running.RunId),
                _ => throw new InvalidOperationException("Not an outcome of starting a run."),
            };
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            // Runs lie in the portal's own database, which is away: the selection can be started again when it is back.
            await using var db = databases.CreateDbContext();
            await db.DeviceSelections.Where(s => s.RunId == run.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.RunId, (string?)null), CancellationToken.None);
            throw;
        }
    }

    private string? Problem(BulkOrder order, string? reason) => order switch
    {
        _ when Names.Clean(reason) is null => "Say why: the reason stands in the history of every device.",
        _ when reason!.Length > ReasonLength || reason.Contains('\0', StringComparison.Ordinal) => $"A reason is a text of at most {ReasonLength} characters.",
        { Act: BulkAct.TakeScope or BulkAct.ExtendScope, Scope: null } => "Choose a permission.",
        { Act: BulkAct.ExtendScope } => ScopeRules.EndProblem(order.Until, "The new end", time),
        _ => null,
    };
}
