using AdminPortal.Core.Targets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace AdminPortal.Core.Jobs;

/// <summary>
/// Starts jobs at their times. The schedule is in the portal's own database, and all portal instances share it: each
/// firing goes to exactly one of them, and one that died loses its place. Waits for a database that is away.
/// </summary>
internal sealed class JobScheduler(
    PortalDatabase database, IEnumerable<IPortalJob> jobs, JobRunner runner, JobRuns runs, IOptions<JobOptions> options, TimeProvider time,
    ILoggerFactory logs, ILogger<JobScheduler> logger) : BackgroundService, IAsyncDisposable
{
    private const string ClusterName = "AdminPortal";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RoundOfCare = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(10);
    private IScheduler? scheduler;

    /// <summary>The schedule in force for a job.</summary>
    public string ScheduleOf(IPortalJob job) => options.Value.TryGetValue(job.Name, out var schedule) ? schedule : job.DefaultSchedule;

    /// <summary>When the job runs next; null: not planned, or the scheduler has not started.</summary>
    public async Task<DateTimeOffset?> NextRunAsync(string job, CancellationToken cancellationToken) =>
        scheduler is { } running && await running.GetTrigger(new TriggerKey(job), cancellationToken) is { } trigger ? trigger.NextFireTimeUtc : null;

    /// <summary>Runs the job now, on whichever instance is free first. False: the scheduler has not started yet.</summary>
    public async Task<bool> StartNowAsync(string job, string startedBy, CancellationToken cancellationToken)
    {
        if (scheduler is not { } running)
        {
            return false;
        }

        await running.TriggerJob(new JobKey(job), new JobDataMap { [ScheduledJob.StartedBy] = startedBy }, cancellationToken);
        return true;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref scheduler, null) is not { } running)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Goodbye); // a database that is away must not keep the portal from stopping
        try
        {
            // Quartz gives a trigger back before it ends, and tries that for ever, whatever it is told meanwhile.
            await running.Shutdown(waitForJobsToComplete: true, patience.Token).AsTask().WaitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SchedulerException || TargetAvailability.CannotServe(exception))
        {
            logger.LogWarning("The scheduler did not end cleanly: {Error}. Another instance takes its place.", exception.Message);
        }
    }

    /// <summary>For a host that is disposed of without having been stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = TimeSpan.FromSeconds(1); scheduler is null; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                scheduler = await OpenAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is SchedulerException || TargetAvailability.CannotServe(exception))
            {
                logger.LogWarning("Jobs wait: the scheduler could not start ({Error}). Next try in {Pause}.", exception.Message, pause);
                await Task.Delay(pause, time, stoppingToken);
            }
        }

        using var timer = new PeriodicTimer(RoundOfCare, time);
        do
        {
            try
            {
                await runs.MarkAbandonedAsync(null, stoppingToken);
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogDebug("The record of jobs waits: {Error}", exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IScheduler> OpenAsync(CancellationToken cancellationToken)
    {
        var started = await QuartzSchedulerBuilder.Create(Configure).BuildScheduler(cancellationToken);
        try
        {
            foreach (var job in jobs)
            {
                await PlanAsync(started, job, cancellationToken);
            }

            await started.Start(cancellationToken);
            return started;
        }
        catch
        {
            await started.Shutdown(waitForJobsToComplete: false, CancellationToken.None);
            throw;
        }
    }

    private void Configure(IQuartzBuilder quartz)
    {
        quartz.Services.AddSingleton(runner);
        quartz.Services.AddSingleton(logs);
        quartz.ConfigureScheduler(settings =>
        {
            settings.InstanceName = ClusterName;
            settings.GenerateInstanceId = true;
            settings.DefaultTimeZone = TimeZoneInfo.Utc;
            settings.ShutdownJobInterruption = ShutdownJobInterruption.Always;
        });
        quartz.UseDefaultThreadPool(2);
        quartz.UsePersistentStore(store =>
        {
            store.ConfigureStore(settings =>
            {
                settings.TablePrefix = "portal.qrtz_";
                settings.StoreJobDataAsStrings = true;
                settings.UseBackgroundThreads = true;
            });
            store.UsePostgres(source => source.DataSourceFactory = _ => database.DataSource);
            store.UseClustering(cluster => cluster.CheckinInterval = TimeSpan.FromSeconds(5));
        });
    }

    /// <summary>Leaves a trigger that is as it should be alone, so that a restart moves no planned run.</summary>
    private async Task PlanAsync(IScheduler started, IPortalJob job, CancellationToken cancellationToken)
    {
        var (key, schedule) = (new TriggerKey(job.Name), ScheduleOf(job));
        await started.AddJob(JobBuilder.Create<ScheduledJob>().WithIdentity(job.Name).StoreDurably().Build(), AddJobOptions.Replacing, cancellationToken);
        var planned = await started.GetTrigger(key, cancellationToken);
        if (schedule == JobOptions.Off)
        {
            await started.UnscheduleJob(key, cancellationToken);
        }
        else if (planned is not ICronTrigger cron || cron.CronExpressionString != schedule)
        {
            var trigger = TriggerBuilder.Create().WithIdentity(key).ForJob(job.Name).WithSchedule(CronScheduleBuilder.Create(schedule).InTimeZone(TimeZoneInfo.Utc)).Build();
            await started.ScheduleJob(trigger, ScheduleJobOptions.Replacing, cancellationToken);
        }
    }
}
