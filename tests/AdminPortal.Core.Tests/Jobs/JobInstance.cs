using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Jobs;

/// <summary>The scheduler of one portal instance with one job, on a real portal database that other instances may share.</summary>
internal sealed class JobInstance : IAsyncDisposable
{
    private readonly PortalDatabase _database;
    private readonly PooledDbContextFactory<PortalDbContext> _contexts;

    public JobInstance(string portalConnection, IPortalJob job, string? schedule = null)
    {
        _database = new PortalDatabase(Options.Create(new PortalConnections { Portal = portalConnection }), TimeProvider.System);
        _contexts = new PooledDbContextFactory<PortalDbContext>(
            ((DbContextOptionsBuilder<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(_database.DataSource)).Options);
        var options = new JobOptions();
        if (schedule is not null)
            options[job.Name] = schedule;
        Runs = new JobRuns(_contexts);
        var runner = new JobRunner([job], Runs, TimeProvider.System, NullLogger<JobRunner>.Instance);
        Scheduler = new JobScheduler(
            _database, [job], runner, Runs, Options.Create(options), TimeProvider.System, NullLoggerFactory.Instance, NullLogger<JobScheduler>.Instance);
        Board = new JobBoard([job], Runs, Scheduler, new AuditLog(_contexts));
    }

    public JobRuns Runs { get; }

    public JobScheduler Scheduler { get; }

    public JobBoard Board { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task StartAsync() => Scheduler.StartAsync(Token);

    /// <summary>The record of the job, oldest first.</summary>
    public async Task<List<JobRun>> RecordAsync(string job)
    {
        await using var db = await _contexts.CreateDbContextAsync(Token);
        return await db.JobRuns.AsNoTracking().Where(r => r.Job == job).OrderBy(r => r.Id).ToListAsync(Token);
    }

    public async Task AddRunAsync(params JobRun[] runs)
    {
        await using var db = await _contexts.CreateDbContextAsync(Token);
        db.JobRuns.AddRange(runs);
        await db.SaveChangesAsync(Token);
    }

    public static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        while (!await condition())
            await Task.Delay(50, timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>A job that says what it would do.</summary>
internal sealed class PreviewedTestJob : IPreviewedJob
{
    public string Name => "previewed";

    public string Title => Name;

    public string Explanation => "For a test.";

    public string DefaultSchedule => JobOptions.Off;

    public Task<string> PreviewAsync(CancellationToken cancellationToken) => Task.FromResult("It would do nothing.");

    public Task<JobResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(new JobResult("Done.", null));
}

/// <summary>Work that a test looks into and holds up.</summary>
internal sealed class TestJob(string name) : IPortalJob
{
    private int _running;
    private int _most;

    public string Name => name;

    public string Title => name;

    public string Explanation => "For a test.";

    public string DefaultSchedule => JobOptions.Off;

    /// <summary>What a run does.</summary>
    public Func<CancellationToken, Task> Work { get; set; } = _ => Task.CompletedTask;

    /// <summary>How many ran at the same time at most.</summary>
    public int Most => _most;

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        _most = Math.Max(_most, Interlocked.Increment(ref _running));
        try
        {
            await Work(cancellationToken);
            return new JobResult("Done.", new { Count = 1 });
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
