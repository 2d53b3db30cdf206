using AdminPortal.Core.Activity;

namespace AdminPortal.Core.Jobs;

/// <summary>What came of asking for a run.</summary>
public enum RunNowOutcome
{
    Started,
    AlreadyRunning,
    NotAllowed,
    NotFound,

    /// <summary>This instance's scheduler has not started: the portal's own database was away.</summary>
    NotReady,
}

/// <summary>What came of asking a run to stop.</summary>
public enum StopJobOutcome
{
    /// <summary>It ends within some seconds: after the step that it is at.</summary>
    Asked,
    NotRunning,
    NotAllowed,
}

/// <summary>The jobs with their schedule and last results, for admins and support; an admin can run one now.</summary>
public sealed class JobBoard
{
    private const int RunsShown = 10;
    private readonly IReadOnlyList<IPortalJob> jobs;
    private readonly JobRuns runs;
    private readonly JobScheduler scheduler;
    private readonly AuditLog audit;

    internal JobBoard(IEnumerable<IPortalJob> jobs, JobRuns runs, JobScheduler scheduler, AuditLog audit) =>
        (this.jobs, this.runs, this.scheduler, this.audit) = ([.. jobs], runs, scheduler, audit);

    public async Task<IReadOnlyList<JobRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        List<JobRow> rows = [];
        foreach (var job in actor.SeesEveryone ? jobs : [])
        {
            rows.Add(new JobRow(
                job.Name, job.Title, job.Explanation, scheduler.ScheduleOf(job), await scheduler.NextRunAsync(job.Name, cancellationToken), job is IPreviewedJob,
                await runs.LastAsync(job.Name, RunsShown, cancellationToken)));
        }

        return rows;
    }

    /// <summary>What a run of the job would do now; null: it does not say, or the actor may not see it.</summary>
    public async Task<string?> PreviewAsync(Actor actor, string name, CancellationToken cancellationToken) =>
        actor.SeesEveryone && jobs.FirstOrDefault(job => job.Name == name) is IPreviewedJob job ? await job.PreviewAsync(cancellationToken) : null;

    public async Task<RunNowOutcome> RunNowAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return RunNowOutcome.NotAllowed;
        }

        if (jobs.All(job => job.Name != name))
        {
            return RunNowOutcome.NotFound;
        }

        if ((await runs.LastAsync(name, 1, cancellationToken)) is [{ Outcome: JobOutcome.Running }])
        {
            return RunNowOutcome.AlreadyRunning;
        }

        if (!await scheduler.StartNowAsync(name, actor.Name ?? actor.Id, cancellationToken))
        {
            return RunNowOutcome.NotReady;
        }

        await audit.WriteAsync(actor, "job.started", name, "ok", null, cancellationToken);
        return RunNowOutcome.Started;
    }

    /// <summary>Asks the job that runs to stop. Each step of a job commits by itself, so what was done stays done.</summary>
    public async Task<StopJobOutcome> StopAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return StopJobOutcome.NotAllowed;
        }

        if (!await runs.AskToStopAsync(name, actor.Name ?? actor.Id, cancellationToken))
        {
            return StopJobOutcome.NotRunning;
        }

        await audit.WriteAsync(actor, "job.stopped", name, "ok", null, cancellationToken);
        return StopJobOutcome.Asked;
    }
}
