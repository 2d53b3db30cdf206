using System.Globalization;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Runs;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Runs;

namespace AdminPortal.Web.Migrations;

/// <summary>Turns what came of migrations into the answer of a verb.</summary>
internal static class MigrationReports
{
    public static CommandAnswer Of(MigrationStatus.Known status) => new(
        ExitCodes.Done,
        Report(status.Target, status.NeedsAdoption ? "not-adopted" : status.Pending.Count == 0 ? "up-to-date" : "pending", status),
        [.. status.Migrations.Select(m => $"{m.State,-10}  {m.Id}{(m.Last is { } last ? $"  {last.Act.ToString().ToLowerInvariant()} by {last.ActorName} {last.StartedAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}" : "")}"),
            .. status.Prisma.Select(m => $"{(m.Failed ? "Failed" : "Applied"),-10}  {m.Name}  (Prisma)"),
            .. status.NeedsAdoption ? ["Made by another program: 'portal migrate adopt' compares and records what is there."] : Array.Empty<string>()]);

    public static CommandAnswer Of(MigrationPreview preview)
    {
        List<string> lines = [];
        foreach (var pending in preview.Pending)
        {
            lines.Add($"-- {pending.Script.Id}  {pending.Script.SqlHash}");
            lines.AddRange(pending.Lints.Select(l => $"-- {l.Severity.ToString().ToLowerInvariant()}: {l.Message} {l.Remedy}".TrimEnd()));
            lines.AddRange(pending.Script.Up.Select(s => s.Sql + "\n"));
        }

        lines.Add(preview.Pending.Count == 0 ? "Nothing is pending." : $"-- approval hash {preview.ApprovalHash}, {(preview.Approval is null ? "not approved" : $"approved by {preview.Approval.ActorName}")}");
        return new(
            ExitCodes.Done,
            new OperationReport(preview.Target, preview.Pending.Count == 0 ? "up-to-date" : preview.Obstacles.Count > 0 ? "stopped" : preview.Approval is null ? "not-approved" : "ready")
            {
                Pending = [.. preview.Pending.Select(p => p.Script.Id)],
                ApprovalHash = preview.ApprovalHash,
                Messages = preview.Obstacles,
                Checks = [.. preview.Prechecks.Select(c => new ReportedCheck("precheck", c.Title, c.Severity.ToString().ToLowerInvariant(), c.Passed, null, c.Found, c.Remedy)),
                    .. preview.Pending.SelectMany(p => p.Lints.Select(l => new ReportedCheck(l.Rule, $"{p.Script.Name}: {l.Message}", l.Severity.ToString().ToLowerInvariant(), l.Severity == Severity.Info, null, null, l.Remedy)))],
            },
            lines);
    }

    public static CommandAnswer Of(RunRow run, RunJournalRows journal, MigrationStatus after) => new(
        RunConsole.ExitCode(run),
        (after is MigrationStatus.Known known ? Report(known.Target, Word(run), known) : new OperationReport(after.Target, Word(run))) with
        {
            RunId = run.Id,
            Steps = RunConsole.Reported(journal),
            Messages = run.State switch
            {
                RunState.Done => [],
                RunState.Stopped => ["It was stopped. What was done stays done; call it again to go on."],
                _ => [run.Error ?? "It failed; the portal's log has the details."],
            },
        },
        [$"{run.Title}: {Word(run)}."]);

    public static CommandAnswer Of(string target, MigrationOutcome outcome) => outcome switch
    {
        MigrationOutcome.Nothing nothing => new(ExitCodes.Done, new OperationReport(target, "done"), [$"{target}: {nothing.Message}"]),
        MigrationOutcome.Refused refused => Simple(target, ExitCodes.Refused, "refused", [.. refused.Reasons]),
        MigrationOutcome.Changed => Simple(target, ExitCodes.Refused, "refused", "Something changed since the preview. Nothing was done: look again."),
        MigrationOutcome.AlreadyRunning running => Simple(target, ExitCodes.Refused, "refused", $"Another operation works on this target: run {running.RunId}."),
        MigrationOutcome.NotReady notReady => NotReady(target, notReady.Status),
        _ => Simple(target, ExitCodes.Failed, "failed", "It could not be started."),
    };

    public static CommandAnswer NotReady(string target, MigrationStatus status) => status switch
    {
        MigrationStatus.Down down => Simple(target, ExitCodes.Failed, "failed", $"{down.Reason}"),
        MigrationStatus.Busy => Simple(target, ExitCodes.Refused, "refused", "A migration runs at this moment."),
        MigrationStatus.Foreign foreign => Simple(target, ExitCodes.Refused, "refused", $"Another database answers than before ({foreign.Identity.Key}). An admin can accept it on the page Targets."),
        _ => Simple(target, ExitCodes.Failed, "failed", "The database cannot be reached."),
    };

    private static string Word(RunRow run) => run.State.ToString().ToLowerInvariant();

    private static CommandAnswer Simple(string target, int exitCode, string result, params IReadOnlyList<string> messages) =>
        new(exitCode, new OperationReport(target, result) { Messages = messages }, []);

    private static OperationReport Report(string target, string result, MigrationStatus.Known status) => new(target, result)
    {
        Applied = [.. status.Migrations.Where(m => m.State is MigrationState.Applied or MigrationState.Unknown).Select(m => m.Id)],
        Pending = [.. status.Pending.Select(m => m.Id)],
        Failed = [.. status.Migrations.Where(m => m.State == MigrationState.Failed).Select(m => m.Id), .. status.Prisma.Where(m => m.Failed).Select(m => m.Name)],
    };
}
