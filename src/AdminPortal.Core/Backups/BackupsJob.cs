using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Backups;

/// <summary>Looks after the backups once a day: finds what is missing or damaged, removes what retention no longer needs, and cleans up.</summary>
internal sealed class BackupsJob(
    BackupRecords records, BackupFiles files, BackupFolder folder, BackupRemoval removal, ScratchDatabases scratch, TargetAccess access,
    IDbContextFactory<PortalDbContext> contexts, TimeProvider time) : IPortalJob
{
    /// <summary>A file is read whole once in so many days; its size is looked at daily.</summary>
    private const int ReadEveryDays = 7;

    public string Name => JobNames.Backups;

    public string Title => "Look after backups";

    public string Explanation => "Finds files that are missing or altered, removes what retention no longer needs, and drops what cut-off backups and restores left behind.";

    public string DefaultSchedule => "0 40 3 * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var cut = await records.ReconcileAsync(cancellationToken);
        var (read, damaged, elsewhere) = await CheckAsync(cancellationToken);
        var removed = 0;
        foreach (var backup in await removal.DueAsync(cancellationToken))
        {
            removed += await removal.RemoveAsync(backup, Actor.Portal, "retention", cancellationToken) is BackupOutcome.Done ? 1 : 0;
        }

        var strays = await RemoveStraysAsync(cancellationToken);
        var (dropped, away) = await DropScratchAsync(cancellationToken);
        var trouble = (elsewhere > 0 ? $" {elsewhere} lie on other machines and were left alone: see Backups." : "") + (damaged > 0 ? $" {damaged} damaged or missing: see Backups." : "") + (away.Count > 0 ? $" Not reached: {string.Join(", ", away)}." : "");
        return new JobResult(
            $"{read} files checked, {removed} backups removed, {cut} cut-off ones closed, {strays} stray files and {dropped} scratch databases cleaned up.{trouble}",
            new { Checked = read, Damaged = damaged, Removed = removed, Elsewhere = elsewhere, CutOff = cut, Strays = strays, Scratch = dropped });
    }

    /// <summary>Those of this folder. One that was taken for damaged is judged again: its disk or its mount may be back.</summary>
    private async Task<(int Checked, int Damaged, int Elsewhere)> CheckAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await BackupRow.Of(db.Backups.AsNoTracking().Where(b => b.State == BackupState.Complete || b.State == BackupState.Damaged)).ToListAsync(cancellationToken);
        var here = all.FindAll(folder.Has);
        var stale = time.GetUtcNow().AddDays(-ReadEveryDays);
        var damaged = 0;
        foreach (var backup in here)
        {
            var whole = backup.State == BackupState.Damaged || backup.ListedAt is null || backup.ListedAt < stale;
            if (await files.ProblemAsync(backup, whole, cancellationToken) is { } problem)
            {
                await records.DamageAsync(backup.Id, problem, cancellationToken);
                damaged += backup.IsUsable ? 1 : 0;
            }
            else if (backup.State == BackupState.Damaged)
            {
                await records.WholeAgainAsync(backup.Id, cancellationToken);
            }
            else if (whole)
            {
                await records.MarkAsync(backup.Id, time.GetUtcNow(), restoredAt: null, cancellationToken);
            }
        }

        return (here.Count, damaged, all.Count - here.Count);
    }

    /// <summary>Files of rows that are over, such as one whose removal was cut off. What the portal did not write is not touched.</summary>
    private async Task<int> RemoveStraysAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var over = await db.Backups.Where(b => b.State == BackupState.Failed || b.State == BackupState.Removed).Select(b => b.FileName).ToListAsync(cancellationToken);
        var strays = over.Where(name => File.Exists(folder.PathOf(name)) || File.Exists(folder.PartialPathOf(name))).ToList();
        strays.ForEach(folder.Remove);
        return strays.Count;
    }

    private async Task<(int Dropped, List<string> Away)> DropScratchAsync(CancellationToken cancellationToken)
    {
        var dropped = 0;
        List<string> away = [];
        foreach (var target in access.Names)
        {
            try
            {
                dropped += await scratch.DropLeftoversAsync(target, cancellationToken);
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception) || exception is Runs.RunFailedException)
            {
                away.Add(target);
            }
        }

        return (dropped, away);
    }
}
