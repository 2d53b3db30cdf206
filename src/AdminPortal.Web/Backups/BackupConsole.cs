using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Runs;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Backups;

/// <summary>Works on what a verb about backups started, tells its steps on a terminal, and nothing in a pipe.</summary>
internal static class BackupConsole
{
    private const int Done = 0, Failed = 1, Refused = 3, Interrupted = 130;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>To the end of what <paramref name="start"/> began; Ctrl-C asks it to stop, and waits for that.</summary>
    public static async Task<BackupReport> RunAsync(
        CommandServices services, string target, string? backupId, Func<BackupActs, Task<BackupOutcome>> start, CancellationToken cancellationToken)
    {
        switch (await start(services.Get<BackupActs>()))
        {
            case BackupOutcome.Done:
                return new BackupReport(target, "done") { Backups = await BackupsAsync(services, backup => backup.Id == backupId) };
            case BackupOutcome.Busy busy:
                return new BackupReport(target, "refused") { RunId = busy.RunId, Messages = [$"Another operation works on {target}; it is listed under /runs."] };
            case BackupOutcome.Refused refused:
                return new BackupReport(target, "refused") { Messages = [refused.Message] };
            case BackupOutcome.NotFound:
                return new BackupReport(target, "refused") { Messages = ["This backup is gone already. Nothing was changed."] };
            case BackupOutcome.Started started:
                return await WorkAsync(services, target, backupId, started.RunId, cancellationToken);
            default:
                throw new InvalidOperationException("Not an outcome that an admin meets.");
        }
    }

    public static async Task<int> WriteAsync(BackupReport report, bool asJson)
    {
        if (asJson)
        {
            await Console.Out.WriteLineAsync(report.ToJson());
        }
        else
        {
            foreach (var backup in report.Backups)
            {
                await Console.Out.WriteLineAsync(
                    $"{backup.Id}  {backup.Target}  {backup.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC  {backup.State.ToString().ToLowerInvariant()}{(backup.ProvenAt is null ? "" : ", proven")}{(backup.IsKept ? ", kept" : "")}  {ByteSize.Text(backup.SizeBytes)}  {backup.FileName}");
            }

            foreach (var message in report.Messages)
            {
                await Console.Error.WriteLineAsync($"portal: {message}");
            }
        }

        return report.Result switch
        {
            "done" => Done,
            "refused" => Refused,
            "stopped" => Interrupted,
            _ => Failed,
        };
    }

    private static async Task<BackupReport> WorkAsync(CommandServices services, string target, string? backupId, string runId, CancellationToken cancellationToken)
    {
        var journals = services.Get<RunJournals>();
        var work = services.Get<RunHere>().WorkAsync(runId, cancellationToken);
        HashSet<(int, RunStepState, string?)> told = [];
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Beat, CancellationToken.None));
            await TellAsync(journals, runId, told);
        }

        await work;
        await TellAsync(journals, runId, told);
        var run = (await services.Get<OperationRuns>().FindAsync(Actor.CommandLine, runId, CancellationToken.None))!;
        var steps = (await journals.ReadAsync(Actor.CommandLine, runId, CancellationToken.None)).Steps;
        return new BackupReport(target, run.State.ToString().ToLowerInvariant())
        {
            RunId = runId,
            Steps = [.. steps.Select(s => new BackupReportStep(s.Title, s.State.ToString().ToLowerInvariant(), s.StartedAt, s.FinishedAt, s.Detail))],
            Backups = await BackupsAsync(services, backup => backupId is null ? backup.RunId == runId : backup.Id == backupId),
            Messages = run.Error is { } error ? [error] : run.State == RunState.Stopped ? ["Stopped. Nothing half-done is left."] : [],
        };
    }

    private static async Task<IReadOnlyList<BackupReportFacts>> BackupsAsync(CommandServices services, Func<BackupRow, bool> which)
    {
        var lists = await services.Get<BackupList>().ListAsync(Actor.CommandLine, all: true, CancellationToken.None);
        return [.. lists.SelectMany(list => list.Backups).Where(which).Select(BackupReport.Facts)];
    }

    private static async Task TellAsync(RunJournals journals, string runId, HashSet<(int Position, RunStepState State, string? Detail)> told)
    {
        if (Console.IsErrorRedirected)
        {
            return;
        }

        var steps = (await journals.ReadAsync(Actor.CommandLine, runId, CancellationToken.None)).Steps;
        foreach (var step in steps.Where(step => told.Add((step.Position, step.State, step.Detail))))
        {
            await Console.Error.WriteLineAsync($"  {step.Title}: {step.State.ToString().ToLowerInvariant()}{(step.Detail is null ? "" : $" · {step.Detail}")}");
        }
    }
}
