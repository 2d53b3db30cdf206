using AdminPortal.Core.Activity;

namespace AdminPortal.Core.Backups;

/// <summary>What came of asking for a backup's file.</summary>
public abstract record BackupDownload
{
    private BackupDownload()
    {
    }

    /// <summary>The file, open; whoever takes it disposes of it.</summary>
    public sealed record Ready(FileStream File, string FileName) : BackupDownload;

    public sealed record NotAllowed : BackupDownload;

    /// <summary>There is no such backup, or its file is gone or not the one that was written.</summary>
    public sealed record NotFound(string? Problem) : BackupDownload;
}

/// <summary>Hands out backups' files to admins, on record: a file holds everything that the database holds.</summary>
public sealed class BackupDownloads
{
    private readonly BackupRecords records;
    private readonly BackupFiles files;
    private readonly BackupFolder folder;
    private readonly AuditLog audit;

    internal BackupDownloads(BackupRecords records, BackupFiles files, BackupFolder folder, AuditLog audit) =>
        (this.records, this.files, this.folder, this.audit) = (records, files, folder, audit);

    public async Task<BackupDownload> OpenAsync(Actor actor, string backupId, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new BackupDownload.NotAllowed();
        }

        if (await records.FindAsync(backupId, cancellationToken) is not { IsUsable: true } backup)
        {
            return new BackupDownload.NotFound(null);
        }

        if ((folder.Has(backup) ? await files.ProblemAsync(backup, whole: false, cancellationToken) : BackupFolder.Elsewhere(backup)) is { } problem)
        {
            return new BackupDownload.NotFound(problem);
        }

        var file = new FileStream(folder.PathOf(backup.FileName), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        await audit.WriteAsync(actor, "backup.downloaded", backup.FileName, "ok", reason: null, cancellationToken);
        return new BackupDownload.Ready(file, backup.FileName);
    }
}
