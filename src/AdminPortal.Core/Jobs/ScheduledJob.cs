using Quartz;

namespace AdminPortal.Core.Jobs;

/// <summary>What the scheduler fires: runs the job that its key names. In the whole cluster one run of a job at a time.</summary>
[DisallowConcurrentExecution]
internal sealed class ScheduledJob(JobRunner runner) : IJob
{
    /// <summary>In the data of a trigger: who asked for the run.</summary>
    public const string StartedBy = "startedBy";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await runner.RunAsync(
            context.JobDetail.Key.Name,
            context.MergedJobDataMap.TryGetValue(StartedBy, out var by) && by is string person ? person : JobRuns.Schedule,
            context.Scheduler.SchedulerInstanceId, cancellationToken);
}
