using System.Text.Json;
using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>The kinds of runs that are about backups.</summary>
public static class BackupRunKinds
{
    public const string Take = "target.backup";
    public const string Prove = "backup.prove";
    public const string Restore = "target.restore";
}

/// <summary>Takes, proves and restores backups in the background. Killed in the middle each starts afresh.</summary>
internal sealed class BackupWork(BackupTaking taking, BackupProving proving, BackupRestoring restoring, BackupRecords records, BackupFolder folder) : IRunWork
{
    public IReadOnlyCollection<string> Kinds { get; } = [BackupRunKinds.Take, BackupRunKinds.Prove, BackupRunKinds.Restore];

    public async Task WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        if (run.Kind == BackupRunKinds.Take)
        {
            await TakeAsync(run, cancellationToken);
            return;
        }

        var (backupId, order) = JsonSerializer.Deserialize<BackupParameters>(run.Parameters)!;
        var backup = await records.FindAsync(backupId, cancellationToken);
        if (backup is not { IsUsable: true })
        {
            throw new RunFailedException("This backup is not complete, or was removed meanwhile. Nothing was changed.");
        }

        await ReadAsync(run, over => order is null ? proving.ProveAsync(backup, run, over) : restoring.RestoreAsync(backup, order, run, over), cancellationToken);
    }

    private async Task TakeAsync(RunContext run, CancellationToken cancellationToken)
    {
        run.Report(0, 0, 100);
        var backup = await taking.TakeAsync(run.Target, run, progress => run.Report(progress.Percent, 0, 100), cancellationToken);
        if (backup is { RestoredAt: null } && JsonSerializer.Deserialize<TakeParameters>(run.Parameters)!.Prove)
        {
            await ReadAsync(run, over => proving.ProveAsync(backup, run, over), cancellationToken);
        }
        else if (backup is not null)
        {
            run.Report(100, 0, 100);
        }
    }

    /// <summary>What reads a backup's file again, stopped where a person asks for it.</summary>
    private async Task ReadAsync(RunContext run, Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        if (run.StopsHere())
        {
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Stopping);
        try
        {
            await act(over.Token);
        }
        catch (OperationCanceledException) when (run.StopRequested && !cancellationToken.IsCancellationRequested)
        {
            run.StopsHere();
        }
        catch (Exception exception) when (IsOfTheTarget(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new RunFailedException(ToolWords.Describe(exception, folder.FullName) ?? exception.Message, exception);
        }
    }

    /// <summary>A lost portal database comes through EF and has the run taken up again; what is the target's, or a file's, ends it.</summary>
    private static bool IsOfTheTarget(Exception exception) => exception is NpgsqlException or IOException or UnauthorizedAccessException;
}
