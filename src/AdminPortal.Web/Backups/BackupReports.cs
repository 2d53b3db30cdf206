using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Data.Runs;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Runs;

namespace AdminPortal.Web.Backups;

/// <summary>Turns what came of backups into the answer of a verb.</summary>
internal static class BackupReports
{
    public static CommandAnswer Of(string? target, IEnumerable<BackupRow> backups)
    {
        var list = backups.ToList();
        return new(ExitCodes.Done, new OperationReport(target, "done") { Backups = [.. list.Select(Facts)] }, [.. list.Select(Line)]);
    }

    /// <summary>To the end of what <paramref name="start"/> began; Ctrl-C asks it to stop, and waits for that.</summary>
    public static async Task<CommandAnswer> RunAsync(
        CommandServices services, string target, string? backupId, Func<BackupActs, Task<BackupOutcome>> start, CancellationToken cancellationToken) =>
        await start(services.Get<BackupActs>()) switch
        {
            BackupOutcome.Done => Of(target, await BackupsAsync(services, backup => backup.Id == backupId)),
            BackupOutcome.Busy busy => Refused(target, "Another operation works on it; it is listed under /runs.", busy.RunId),
            BackupOutcome.Refused refused => Refused(target, refused.Message),
            BackupOutcome.NotFound => Refused(target, "This backup is gone already. Nothing was changed."),
            BackupOutcome.Started started => await WorkAsync(services, target, backupId, started.RunId, cancellationToken),
            _ => throw new InvalidOperationException("Not an outcome that an admin meets."),
        };

    private static async Task<CommandAnswer> WorkAsync(CommandServices services, string target, string? backupId, string runId, CancellationToken cancellationToken)
    {
        var (run, journal) = await RunConsole.WorkAsync(services, runId, cancellationToken);
        var answer = Of(target, await BackupsAsync(services, backup => backupId is null ? backup.RunId == runId : backup.Id == backupId));
        return answer with
        {
            ExitCode = RunConsole.ExitCode(run),
            Report = answer.Report with
            {
                Result = run.State.ToString().ToLowerInvariant(),
                RunId = runId,
                Steps = RunConsole.Reported(journal),
                Messages = run.Error is { } error ? [error] : run.State == RunState.Stopped ? ["Stopped. Nothing half-done is left."] : [],
            },
        };
    }

    private static async Task<IEnumerable<BackupRow>> BackupsAsync(CommandServices services, Func<BackupRow, bool> which)
    {
        var lists = await services.Get<BackupList>().ListAsync(Actor.CommandLine, all: true, CancellationToken.None);
        return lists.SelectMany(list => list.Backups).Where(which);
    }

    private static CommandAnswer Refused(string target, string message, string? runId = null) =>
        new(ExitCodes.Refused, new OperationReport(target, "refused") { RunId = runId, Messages = [message] }, []);

    private static string Line(BackupRow backup) =>
        $"{backup.Id}  {backup.Target}  {backup.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC  {backup.State.ToString().ToLowerInvariant()}{(backup.RestoredAt is null ? "" : ", proven")}{(backup.IsKept ? ", kept" : "")}{(backup.KeyId is { } key ? $", encrypted with {key}" : "")}  {ByteSize.Text(backup.SizeBytes)}  {backup.FileName}";

    private static ReportedBackup Facts(BackupRow backup) => new(
        backup.Id, backup.Target, backup.State, backup.FileName, backup.SizeBytes, backup.Sha256, backup.StartedAt, backup.FinishedAt, backup.MigratedTo,
        backup.ListedAt, backup.RestoredAt, backup.IsKept, backup.Counts, backup.Error, backup.KeyId);
}
