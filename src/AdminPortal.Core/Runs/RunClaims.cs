using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Runs;

/// <summary>
/// Which portal instance works on which run, decided by conditional updates in the portal's own database and its clock.
/// Whoever's heartbeat is refused has lost the run and must let go of it.
/// </summary>
internal sealed class RunClaims(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <summary>The oldest run that nobody works on; null when there is none.</summary>
    public async Task<RunContext?> TakeAsync(string instance, string[] kinds, int staleSeconds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var taken = await db.OperationRuns.FromSql($"""
            UPDATE portal.operation_runs SET instance = {instance}, state = {nameof(RunState.Running)}, "startedAt" = coalesce("startedAt", now()), "heartbeatAt" = now()
            WHERE id = (
                SELECT id FROM portal.operation_runs
                WHERE "finishedAt" IS NULL AND ("heartbeatAt" IS NULL OR "heartbeatAt" < now() - make_interval(secs => {staleSeconds})) AND kind = ANY ({kinds})
                ORDER BY "createdAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return taken is [var run] ? await ContextAsync(db, run, cancellationToken) : null;
    }

    /// <summary>A run that this instance started for itself alone.</summary>
    public async Task<RunContext> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ContextAsync(db, await db.OperationRuns.AsNoTracking().FirstAsync(r => r.Id == runId, cancellationToken), cancellationToken);
    }

    private async Task<RunContext> ContextAsync(PortalDbContext db, OperationRun run, CancellationToken cancellationToken)
    {
        var actor = new Actor(run.ActorId, run.ActorName, Enum.TryParse<AccountRole>(run.ActorRole, out var role) ? role : null, run.ActorUserId, run.ActorAddress);
        var context = new RunContext(run.Id, run.Kind, run.Target, run.Parameters, run.Reason, actor, run.CreatedAt, run.UndoOf,
            await RunJournals.ContinueAsync(db, run.Id, time, cancellationToken));
        context.Report(run.Done, run.Skipped, run.Total);
        if (run.StopRequestedAt is not null)
        {
            context.RequestStop();
        }

        return context;
    }

    /// <summary>Writes the progress and asks whether to stop; false when the run is not this instance's any more.</summary>
    public async Task<bool> BeatAsync(RunContext run, string instance, CancellationToken cancellationToken)
    {
        var figures = run.Figures;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stop = await db.Database.SqlQuery<bool>($"""
            UPDATE portal.operation_runs SET "heartbeatAt" = now(), done = {figures.Done}, skipped = {figures.Skipped}, total = {figures.Total}
            WHERE id = {run.Id} AND instance = {instance} AND "finishedAt" IS NULL
            RETURNING "stopRequestedAt" IS NOT NULL AS "Value"
            """).ToListAsync(cancellationToken);
        if (stop.Count == 0)
        {
            return false;
        }

        await RunJournals.WriteAsync(db, run.Journal, cancellationToken);
        if (stop is [true])
        {
            run.RequestStop();
        }

        return true;
    }

    /// <summary>Writes the end, on record; false when the run is not this instance's any more.</summary>
    public async Task<bool> FinishAsync(RunContext run, string instance, RunState state, string? error, CancellationToken cancellationToken)
    {
        var figures = run.Figures;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await RunJournals.WriteAsync(db, run.Journal, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var written = await db.Database.ExecuteSqlAsync($"""
            UPDATE portal.operation_runs SET state = {state.ToString()}, "finishedAt" = now(), "heartbeatAt" = now(), done = {figures.Done}, skipped = {figures.Skipped},
                total = {figures.Total}, error = {error}
            WHERE id = {run.Id} AND instance = {instance} AND "finishedAt" IS NULL
            """, cancellationToken);
        if (written == 1)
        {
            AuditLog.Add(db, run.Actor, "run.finished", run.Id, state.ToString().ToLowerInvariant(), run.Reason);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return written == 1;
    }

    /// <summary>Gives the run back, so that any instance takes it up at once.</summary>
    public async Task LetGoAsync(RunContext run, string instance, CancellationToken cancellationToken)
    {
        var figures = run.Figures;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await RunJournals.WriteAsync(db, run.Journal, cancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            UPDATE portal.operation_runs SET "heartbeatAt" = NULL, instance = NULL, done = {figures.Done}, skipped = {figures.Skipped}, total = {figures.Total}
            WHERE id = {run.Id} AND instance = {instance} AND "finishedAt" IS NULL
            """, cancellationToken);
    }
}
