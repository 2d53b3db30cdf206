using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Runs;

/// <summary>Starts, stops and reads long work. Features start it after their own checks; admins stop it, admins and support see it.</summary>
public sealed class OperationRuns(IDbContextFactory<PortalDbContext> contexts, RunSignal signal, RunPlace place)
{
    private const int ListLength = 100;

    /// <summary>Puts the run into the queue, on record. It begins at once when an instance has room.</summary>
    internal async Task<StartRunOutcome> StartAsync(Actor actor, NewRun run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await actor.DemandStandingAsync(db, cancellationToken);
        db.OperationRuns.Add(new OperationRun
        {
            Id = run.Id,
            Kind = run.Kind,
            Target = run.Target,
            Title = run.Title,
            State = RunState.Queued,
            Parameters = run.Parameters,
            ExclusiveKey = run.ExclusiveKey,
            ActorId = actor.Id,
            ActorName = actor.Name,
            ActorRole = actor.Role?.ToString(),
            ActorUserId = actor.UserId,
            ActorAddress = actor.Address,
            Reason = run.Reason,
            Total = run.Total,
            UndoOf = run.UndoOf,
        });
        AuditLog.Add(db, actor, "run.started", run.Id, run.Kind, run.Reason);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            if (place.KeepsItsRuns)
            {
                await db.Database.ExecuteSqlAsync($"""
                    UPDATE portal.operation_runs SET instance = {place.Instance}, state = {nameof(RunState.Running)}, "startedAt" = now(), "heartbeatAt" = now() WHERE id = {run.Id}
                    """, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            if (await OtherAsync(run, cancellationToken) is { } other)
            {
                return other;
            }

            throw;
        }

        signal.Set();
        return new StartRunOutcome.Started(run.Id);
    }

    /// <summary>Asks a run to end after the step it is in. What it did stays done.</summary>
    public async Task<StopRunOutcome> StopAsync(Actor actor, string runId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.SeesEveryone)
        {
            return new StopRunOutcome.NotFound();
        }

        if (!actor.IsAdmin)
        {
            return new StopRunOutcome.NotAllowed();
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var asked = await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.operation_runs SET "stopRequestedAt" = now(), "stopRequestedBy" = {actor.Name ?? actor.Id}
             WHERE id = {runId} AND "finishedAt" IS NULL AND "stopRequestedAt" IS NULL
             """, cancellationToken);
        if (asked == 0)
        {
            var run = await db.OperationRuns.AsNoTracking().FirstOrDefaultAsync(r => r.Id == runId, cancellationToken);
            return run switch
            {
                null => new StopRunOutcome.NotFound(),
                { FinishedAt: not null } => new StopRunOutcome.AlreadyFinished(),
                _ => new StopRunOutcome.AlreadyStopping(run.StopRequestedBy),
            };
        }

        AuditLog.Add(db, actor, "run.stop-requested", runId);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new StopRunOutcome.Stopping();
    }

    /// <summary>Null when there is none that the actor may see.</summary>
    public async Task<RunRow?> FindAsync(Actor actor, string runId, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Rows(db, db.OperationRuns.Where(r => r.Id == runId)).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The latest runs, unfinished ones first.</summary>
    public async Task<IReadOnlyList<RunRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Rows(db, db.OperationRuns.OrderBy(r => r.FinishedAt != null).ThenByDescending(r => r.CreatedAt).Take(ListLength)).ToListAsync(cancellationToken);
    }

    private async Task<StartRunOutcome?> OtherAsync(NewRun run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (run.UndoOf is not null && await db.OperationRuns.Where(r => r.UndoOf == run.UndoOf).Select(r => r.Id).FirstOrDefaultAsync(cancellationToken) is { } undo)
        {
            return new StartRunOutcome.AlreadyUndone(undo);
        }

        return run.ExclusiveKey is not null
            && await db.OperationRuns.Where(r => r.ExclusiveKey == run.ExclusiveKey && r.FinishedAt == null).Select(r => r.Id).FirstOrDefaultAsync(cancellationToken) is { } running
            ? new StartRunOutcome.AlreadyRunning(running)
            : null;
    }

    private static IQueryable<RunRow> Rows(PortalDbContext db, IQueryable<OperationRun> runs) => runs.AsNoTracking().Select(r => new RunRow(
        r.Id, r.Kind, r.Title, r.State, r.Reason, r.ActorId, r.ActorName, r.CreatedAt, r.StartedAt, r.FinishedAt, r.StopRequestedAt, r.StopRequestedBy,
        r.Total, r.Done, r.Skipped, r.Error, r.FinishedAt == null && r.HeartbeatAt == null, r.UndoOf,
        db.OperationRuns.Where(u => u.UndoOf == r.Id).Select(u => u.Id).FirstOrDefault())
    {
        Target = r.Target,
        BackupId = db.Backups.Where(b => b.RunId == r.Id && b.State == BackupState.Complete).Select(b => b.Id).FirstOrDefault(),
    });
}
