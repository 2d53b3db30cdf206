using AdminPortal.Core.Runs;

namespace AdminPortal.Core.Backups;

/// <summary>Tells whether a backup's file is the one that was written. One that is not is never restored.</summary>
internal sealed class BackupFiles(BackupFolder folder, BackupKeys keys, BackupRecords records, TimeProvider time)
{
    /// <summary>What is wrong, for people; null: it is the very file. Reads all of it when <paramref name="whole"/>.</summary>
    public async Task<string?> ProblemAsync(BackupRow backup, bool whole, CancellationToken cancellationToken)
    {
        var file = new FileInfo(folder.PathOf(backup.FileName));
        if (!file.Exists)
        {
            return $"Its file {backup.FileName} is missing in the folder of backups.";
        }

        if (file.Length != backup.SizeBytes)
        {
            return $"Its file has {file.Length:N0} bytes, and {backup.SizeBytes:N0} were written: it was cut or altered.";
        }

        return whole && await BackupFolder.ChecksumAsync(file.FullName, cancellationToken) != backup.Sha256
            ? "Its file's checksum is not the one that was written: it was altered, or the disk is failing."
            : null;
    }

    /// <summary>A step of a run: reads the whole file; a wrong one is marked as damaged and fails the run.</summary>
    public async Task CheckAsync(BackupRow backup, RunContext run, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Check the file against its checksum");
        if ((folder.Has(backup) ? keys.Missing(backup) : BackupFolder.Elsewhere(backup)) is { } obstacle)
        {
            step.Failed(obstacle);
            throw new RunFailedException(obstacle);
        }

        if (await ProblemAsync(backup, whole: true, cancellationToken) is { } problem)
        {
            await records.DamageAsync(backup.Id, problem, cancellationToken);
            step.Failed(problem);
            throw new RunFailedException($"The backup is damaged and was not restored. {problem}");
        }

        await records.MarkAsync(backup.Id, time.GetUtcNow(), restoredAt: null, cancellationToken);
        step.Done($"{ByteSize.Text(backup.SizeBytes)}, as written");
    }
}
