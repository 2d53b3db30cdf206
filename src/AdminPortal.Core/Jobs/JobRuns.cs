using System.Text.Json;
using AdminPortal.Data;
using AdminPortal.Data.Jobs;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Jobs;

/// <summary>The record of what jobs did: <c>portal.job_runs</c>, the last 100 of each job.</summary>
public sealed class JobRuns(IDbContextFactory<PortalDbContext> contexts)
{
    public const int Kept = 100;

    /// <summary>Who starts what no person asked for.</summary>
    public const string Schedule = "schedule";

    internal async Task<long> BeginAsync(string job, string startedBy, string instance, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var run = new JobRun { Job = job, StartedBy = startedBy, Instance = instance, Outcome = JobOutcome.Running };
        db.JobRuns.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        return run.Id;
    }

    /// <summary>Writes the result, unless the run was given up for lost meanwhile; and forgets runs beyond the last 100.</summary>
    internal async Task FinishAsync(long id, string job, string outcome, JobResult result, CancellationToken cancellationToken)
    {
        var figures = result.Figures is null ? null : JsonSerializer.Serialize(result.Figures, JsonSerializerOptions.Web);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.job_runs SET outcome = {outcome}, message = {result.Message}, figures = {figures}::jsonb, "finishedAt" = now()
             WHERE id = {id} AND outcome = {JobOutcome.Running}
             """,
            cancellationToken);
        await db.JobRuns.Where(r => r.Job == job && r.Id < db.JobRuns.Where(k => k.Job == job).OrderByDescending(k => k.Id).Select(k => k.Id).Skip(Kept - 1).FirstOrDefault())
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>
    /// Marks runs whose portal instance the scheduler's cluster no longer knows, and other runs of a job that begins:
    /// one job runs once at a time.
    /// </summary>
    /// <param name="beginning">The job whose new run begins, or null.</param>
    internal async Task<int> MarkAbandonedAsync(string? beginning, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.job_runs r SET outcome = {JobOutcome.Abandoned}, "finishedAt" = now(), message = 'The portal instance that ran it ended before the job did.'
             WHERE r.outcome = {JobOutcome.Running}
               AND (r.job = {beginning} OR NOT EXISTS (SELECT 1 FROM portal.qrtz_scheduler_state s WHERE s.instance_name = r.instance))
             """,
            cancellationToken);
    }

    /// <summary>Asks the run of the job to stop, on whichever instance it is; the first who asks is kept. False: none runs.</summary>
    internal async Task<bool> AskToStopAsync(string job, string by, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.JobRuns.Where(r => r.Job == job && r.Outcome == JobOutcome.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.StopAskedBy, r => r.StopAskedBy ?? by), cancellationToken) > 0;
    }

    /// <summary>Who has asked this run to stop; null: nobody.</summary>
    internal async Task<string?> StopAskedByAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.JobRuns.Where(r => r.Id == id).Select(r => r.StopAskedBy).FirstOrDefaultAsync(cancellationToken);
    }

    internal async Task<IReadOnlyList<JobRunRow>> LastAsync(string job, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.JobRuns.AsNoTracking().Where(r => r.Job == job).OrderByDescending(r => r.Id).Take(count)
            .Select(r => new JobRunRow(r.Id, r.StartedAt, r.FinishedAt, r.Outcome, r.StartedBy, r.Instance, r.Message, r.StopAskedBy)).ToListAsync(cancellationToken);
    }
}
