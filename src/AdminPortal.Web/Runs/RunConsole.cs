using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Runs;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Runs;

/// <summary>Works on a run for the command line, and tells its steps on a terminal; in a pipe it is quiet.</summary>
internal static class RunConsole
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>Who the command line is on record: the system's user at this machine.</summary>
    public static Actor Operator { get; } = new(
        "command-line", $"{Environment.UserName} at {Environment.MachineName} (command line)", Data.Accounts.AccountRole.Admin, null, null);

    /// <summary>To the end of the run; Ctrl-C asks it to stop.</summary>
    public static async Task<(RunRow Run, RunJournalRows Journal)> WorkAsync(CommandServices services, string runId, CancellationToken cancellationToken)
    {
        var journals = services.Get<RunJournals>();
        var work = services.Get<RunHere>().WorkAsync(runId, cancellationToken);
        var told = new HashSet<(int, RunStepState, string?)>();
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Beat, CancellationToken.None));
            if (!Console.IsErrorRedirected)
            {
                Tell((await journals.ReadAsync(Operator, runId, CancellationToken.None)).Steps, told);
            }
        }

        await work;
        var journal = await journals.ReadAsync(Operator, runId, CancellationToken.None);
        if (!Console.IsErrorRedirected)
        {
            Tell(journal.Steps, told);
        }

        return ((await services.Get<OperationRuns>().FindAsync(Operator, runId, CancellationToken.None))!, journal);
    }

    public static IReadOnlyList<ReportedStep> Reported(RunJournalRows journal) =>
        [.. journal.Steps.Select(s => new ReportedStep(s.Title, s.State.ToString().ToLowerInvariant(), s.StartedAt, s.FinishedAt, s.Detail))];

    private static void Tell(IReadOnlyList<RunStepRow> steps, HashSet<(int Position, RunStepState State, string? Detail)> told)
    {
        foreach (var step in steps.Where(step => told.Add((step.Position, step.State, step.Detail))))
        {
            Console.Error.WriteLine($"  {step.Title}: {step.State.ToString().ToLowerInvariant()}{(step.Detail is null ? "" : $" · {step.Detail}")}");
        }
    }
}
