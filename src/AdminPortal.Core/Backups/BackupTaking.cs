using System.Globalization;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// Takes a backup of a target, as a run of its own or as a part of another one, such as a migration. There is a file of its
/// name only when it is complete, on the disk, and readable for pg_restore; whatever else happens, nothing is left but a row
/// that says why.
/// </summary>
public sealed class BackupTaking
{
    private readonly TargetAccess access;
    private readonly PostgresTools tools;
    private readonly BackupFolder folder;
    private readonly BackupKeys keys;
    private readonly DumpWriter writer;
    private readonly BackupRecords records;
    private readonly TimeProvider time;

    internal BackupTaking(TargetAccess access, PostgresTools tools, BackupFolder folder, BackupKeys keys, DumpWriter writer, BackupRecords records, TimeProvider time) =>
        (this.access, this.tools, this.folder, this.keys, this.writer, this.records, this.time) = (access, tools, folder, keys, writer, records, time);

    /// <summary>
    /// The complete backup; null when someone asked the run to stop (<see cref="RunContext.StopsHere"/> is true then). In a run
    /// that is taken up again it is the one that the run took already, if it is still there.
    /// </summary>
    /// <exception cref="RunFailedException">No backup could be taken; the message says why.</exception>
    public Task<BackupRow?> TakeAsync(string target, RunContext run, CancellationToken cancellationToken) =>
        TakeAsync(target, run, static _ => { }, cancellationToken);

    internal async Task<BackupRow?> TakeAsync(string target, RunContext run, Action<BackupProgress> tell, CancellationToken cancellationToken)
    {
        if (await records.OfRunAsync(run.Id, target, cancellationToken) is { } taken)
        {
            run.Journal.Begin($"Take a backup of {target}").Done($"Taken before the portal's process ended: {taken.FileName}");
            return taken;
        }

        if (run.StopsHere())
        {
            return null;
        }

        var backup = await records.BeginAsync(target, run.Id, FileName(target), cancellationToken);
        using var step = run.Journal.Begin($"Take a backup of {target}");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Stopping);
        IReadOnlyList<string> unkept;
        try
        {
            unkept = await WriteAsync(backup, run, step, tell, over.Token);
        }
        catch (Exception exception) when (Reason(exception, cancellationToken) is { } reason)
        {
            folder.Remove(backup.FileName);
            backup.State = BackupState.Failed;
            backup.Error = reason;
            await records.SaveAsync(backup, CancellationToken.None);
            return End(exception, reason, run, step, cancellationToken);
        }

        await records.SaveAsync(backup, CancellationToken.None);
        step.Done(string.Join(". ", [$"{ByteSize.Text(backup.SizeBytes)}, SHA-256 {backup.Sha256![..16]}…, readable for pg_restore{(backup.KeyId is { } key ? $", encrypted with the key {key}" : "")}", .. unkept]));
        return await records.FindAsync(backup.Id, CancellationToken.None);
    }

    /// <summary>In words, what a restore could not make again.</summary>
    private async Task<IReadOnlyList<string>> WriteAsync(Backup backup, RunContext run, RunStepProgress step, Action<BackupProgress> tell, CancellationToken cancellationToken)
    {
        await using var source = await DumpSource.OpenAsync(access.Owner(backup.Target), writer.Patience, cancellationToken);
        backup.Identity = source.Identity.Key;
        backup.ServerVersion = source.Identity.Version;
        backup.MigratedTo = source.MigratedTo;
        var set = await tools.FindAsync(source.Identity.MajorVersion, cancellationToken) switch
        {
            FindToolsOutcome.Found found => found.Tools,
            FindToolsOutcome.Missing missing => throw new RunFailedException(missing.Message),
            _ => throw new InvalidOperationException("Not an outcome of looking for tools."),
        };
        backup.ToolVersion = set.Version;
        run.Journal.Log($"pg_dump {set.Version} reads {backup.Target} ({source.Tables.Count} tables, {ByteSize.Text(source.Identity.SizeBytes)}) into {backup.FileName}");
        var dump = await writer.WriteAsync(set, source, backup.FileName, Both, run.Journal, cancellationToken);
        backup.KeyId = keys.Current?.Id;
        var stored = new StoredDump(folder.PartialPathOf(backup.FileName), keys.Current);
        var listed = await writer.ListAsync(set, stored, cancellationToken);
        if (listed < source.Tables.Count)
        {
            throw new RunFailedException($"The file holds the rows of {listed} tables, and the target has {source.Tables.Count}.");
        }

        var unkept = await UnkeptAsync(set, source.Server, stored, run, cancellationToken);
        folder.Complete(backup.FileName);
        (backup.SizeBytes, backup.Sha256) = (dump.SizeBytes, dump.Sha256);
        backup.Rows = dump.Counts is null ? null : TableCounts.Write(dump.Counts);
        backup.ListedAt = time.GetUtcNow();
        backup.State = BackupState.Complete;
        return unkept;

        void Both(BackupProgress progress)
        {
            step.Tell(progress.Text);
            tell(progress);
        }
    }

    /// <summary>Said when the backup is taken, while there is still time to give the owner's role what it lacks.</summary>
    private static async Task<IReadOnlyList<string>> UnkeptAsync(PostgresToolSet set, NpgsqlConnectionStringBuilder owner, StoredDump dump, RunContext run, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(owner.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var plan = await RestorePlan.MakeAsync(set, await DumpFiles.EntriesAsync(set, dump, cancellationToken), connection, cancellationToken);
        foreach (var loss in plan.Losses)
        {
            run.Journal.Log($"A restore could not make again {loss}");
        }

        var few = string.Join("; ", plan.Losses.Take(5));
        return plan.Losses.Count == 0 ? [] : [$"A restore by the owner's role could not make again {few}{(plan.Losses.Count > 5 ? $" and {plan.Losses.Count - 5} more, listed in the log" : "")}"];
    }

    /// <summary>Null: a bug, and not for people.</summary>
    private string? Reason(Exception exception, CancellationToken shutdown) => exception switch
    {
        OperationCanceledException when shutdown.IsCancellationRequested => "The portal's process was shut down in the middle.",
        OperationCanceledException => "Stopped by a person.",
        RunFailedException => exception.Message,
        _ => ToolWords.Describe(exception, folder.FullName) ?? "Something unexpected went wrong; the portal's log has the details.",
    };

    private static BackupRow? End(Exception exception, string reason, RunContext run, RunStepProgress step, CancellationToken shutdown)
    {
        if (exception is OperationCanceledException)
        {
            step.Stopped(reason);
            shutdown.ThrowIfCancellationRequested();
            run.StopsHere();
            return null;
        }

        step.Failed(reason);
        throw new RunFailedException($"No backup of the target could be taken. {reason}", exception);
    }

    /// <summary>Such as <c>main-20261122T221500Z-0199f3a2.dump</c>: sorts by time, and says nothing but the target.</summary>
    private string FileName(string target)
    {
        var name = string.Concat(target.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(60));
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Ids.New()[^8..]}.dump{(keys.Current is null ? "" : ".enc")}");
    }
}
