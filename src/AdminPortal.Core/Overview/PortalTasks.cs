using AdminPortal.Core.Backups;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Monitoring;
using AdminPortal.Data;
using AdminPortal.Data.Mail;
using AdminPortal.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>What the portal's own work needs from somebody: failed runs and jobs, errors in its log, a disk that fills up.</summary>
public sealed class PortalTasks(
    IDbContextFactory<PortalDbContext> contexts, IEnumerable<IPortalJob> jobs, JobRuns jobRuns, ErrorLog errors, BackupFolder backups, TimeProvider time)
{
    private const int MostRuns = 3;
    private const int FullPercent = 85;
    private static readonly TimeSpan RunsOf = TimeSpan.FromDays(7);
    private static readonly TimeSpan ErrorsOf = TimeSpan.FromDays(1);

    internal async Task<(IReadOnlyList<OverviewTask> Tasks, IReadOnlyList<WellLine> Well)> ReadAsync(CancellationToken cancellationToken)
    {
        List<OverviewTask> tasks = [.. await FailedRunsAsync(cancellationToken)];
        List<WellLine> well = [];
        await AddJobsAsync(tasks, well, cancellationToken);
        await AddDeliveriesAsync(tasks, cancellationToken);
        AddErrors(tasks, well);
        AddDisk(tasks, well);
        return (tasks, well);
    }

    /// <summary>Those of a week after which nothing of the same kind went well on the same database.</summary>
    private async Task<IReadOnlyList<OverviewTask>> FailedRunsAsync(CancellationToken cancellationToken)
    {
        var from = time.GetUtcNow() - RunsOf;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var failed = await db.OperationRuns.AsNoTracking()
            .Where(r => r.State == RunState.Failed && r.FinishedAt > from
                && !db.OperationRuns.Any(later => later.Kind == r.Kind && later.Target == r.Target && later.State == RunState.Done && later.CreatedAt > r.CreatedAt))
            .OrderByDescending(r => r.FinishedAt).Take(MostRuns).Select(r => new { r.Id, r.Title, r.Error, r.FinishedAt }).ToListAsync(cancellationToken);
        return failed.ConvertAll(r => new OverviewTask($"“{r.Title}” failed", r.Error ?? "Its page tells where.", r.FinishedAt, $"/runs/{r.Id}", "See"));
    }

    private async Task AddJobsAsync(List<OverviewTask> tasks, List<WellLine> well, CancellationToken cancellationToken)
    {
        var (all, fine) = (0, 0);
        foreach (var job in jobs)
        {
            all++;
            var last = (await jobRuns.LastAsync(job.Name, 2, cancellationToken)).FirstOrDefault(run => run.Outcome != JobOutcome.Running);
            if (last is { Outcome: JobOutcome.Failed or JobOutcome.Abandoned })
            {
                tasks.Add(new OverviewTask($"The job “{job.Title}” {(last.Outcome == JobOutcome.Failed ? "failed" : "was cut off")}", last.Message ?? "", last.FinishedAt, "/jobs", "See"));
            }
            else
            {
                fine++;
            }
        }

        if (fine > 0)
        {
            well.Add(new WellLine("Jobs", [new WellFact($"{fine} of {all} without a fault")], "/jobs"));
        }
    }

    /// <summary>Mail and webhook calls that were given up: nobody else would say so.</summary>
    private async Task AddDeliveriesAsync(List<OverviewTask> tasks, CancellationToken cancellationToken)
    {
        var from = time.GetUtcNow() - RunsOf;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var mails = await db.Mails.CountAsync(m => m.State == MailState.Failed && m.EndedAt > from, cancellationToken);
        var calls = await db.WebhookCalls.CountAsync(c => c.State == "failed" && c.At > from, cancellationToken);
        if (mails > 0)
        {
            tasks.Add(new OverviewTask(mails == 1 ? "1 mail could not be sent" : $"{mails:N0} mails could not be sent", "The portal has stopped trying.", null, "/mail", "See"));
        }

        if (calls > 0)
        {
            tasks.Add(new OverviewTask(calls == 1 ? "1 webhook call failed" : $"{calls:N0} webhook calls failed", "The portal has stopped trying.", null, "/settings/notices", "See"));
        }
    }

    private void AddErrors(List<OverviewTask> tasks, List<WellLine> well)
    {
        if (errors.Last() is [var last, ..] && last.At > time.GetUtcNow() - ErrorsOf)
        {
            tasks.Add(new OverviewTask($"{errors.Count:N0} {(errors.Count == 1 ? "error" : "errors")} in the log since the portal started", "Last", last.At, "/monitoring", "See"));
        }
        else
        {
            well.Add(new WellLine("Log", [new WellFact("no errors since", errors.Since)], "/monitoring"));
        }
    }

    private void AddDisk(List<OverviewTask> tasks, List<WellLine> well)
    {
        if (UsedPercent() is not { } used)
        {
            return;
        }

        if (used >= FullPercent)
        {
            tasks.Add(new OverviewTask($"The disk of the backups is {used} % full", "A backup that finds no room fails.", null, "/backups", "See"));
        }
        else
        {
            well.Add(new WellLine("Disk", [new WellFact($"{used} % used")], "/backups"));
        }
    }

    /// <summary>Of the disk that the backups lie on; null: it does not say.</summary>
    private int? UsedPercent()
    {
        try
        {
            var folder = new DirectoryInfo(backups.FullName);
            while (folder is { Exists: false, Parent: { } parent })
            {
                folder = parent;
            }

            var disk = new DriveInfo(folder.FullName);
            return disk.TotalSize == 0 ? null : (int)(100 - (100 * disk.AvailableFreeSpace / disk.TotalSize));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
