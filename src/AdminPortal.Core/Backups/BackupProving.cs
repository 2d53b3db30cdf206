using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Backups;

/// <summary>Proves a backup by restoring it into a scratch database, which is dropped in the end, whatever comes.</summary>
internal sealed class BackupProving(TargetAccess access, BackupFiles files, ScratchDatabases scratch, BackupRecords records, TimeProvider time)
{
    public async Task ProveAsync(BackupRow backup, RunContext run, CancellationToken cancellationToken)
    {
        run.Report(0, 0, 100);
        await using var server = await TargetServer.OpenAsync(access.Owner(backup.Target), cancellationToken);
        await ScratchDatabases.DropOfRunAsync(server, run.Id, cancellationToken);
        await server.CheckMayCreateAsync(cancellationToken);
        await files.CheckAsync(backup, run, cancellationToken);
        var database = ScratchDatabases.NewName(run.Id);
        try
        {
            await RestoreAsync(server, backup, database, run, cancellationToken);
            using var step = run.Journal.Begin("Compare the rows of every table");
            step.Done(ScratchDatabases.Compare(backup, await scratch.CountAsync(backup.Target, database, cancellationToken)));
        }
        finally
        {
            await server.DropAsync(database, CancellationToken.None);
        }

        await records.MarkAsync(backup.Id, listedAt: null, restoredAt: time.GetUtcNow(), cancellationToken);
        run.Report(100, 0, 100);
    }

    private async Task RestoreAsync(TargetServer server, BackupRow backup, string database, RunContext run, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin($"Restore it into the scratch database {database}");
        await server.CreateAsync(database, access.Owner(backup.Target).Database!, cancellationToken);
        var plan = await scratch.PlanAsync(backup, cancellationToken);
        await scratch.RestoreAsync(plan, backup, database, run, step, percent => run.Report(percent * 9 / 10, 0, 100), cancellationToken);
        step.Done(plan.LeftOut.Count == 0 ? "Restored without an error" : $"Restored without an error, and without {string.Join("; ", plan.Losses)}");
    }
}
