using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Runs;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Runs;

/// <summary>Works on a run for the command line, and tells its steps on a terminal; in a pipe it is quiet.</summary>
internal static class RunConsole
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

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
                Tell((await journals.ReadAsync(Actor.CommandLine, runId, CancellationToken.None)).Steps, told);
            }
        }

        await work;
        var journal = await journals.ReadAsync(Actor.CommandLine, runId, CancellationToken.None);
        if (!Console.IsErrorRedirected)
        {
            Tell(journal.Steps, told);
        }

        return ((await services.Get<OperationRuns>().FindAsync(Actor.CommandLine, runId, CancellationToken.None))!, journal);
    }

    public static IReadOnlyList<ReportedStep> Reported(RunJournalRows journal) =>
        [.. journal.Steps.Select(s => new ReportedStep(s.Title, s.State.ToString().ToLowerInvariant(), s.StartedAt, s.FinishedAt, s.Detail))];

    /// <summary>Done, stopped by Ctrl-C, or failed.</summary>
    public static int ExitCode(RunRow run) => run.State switch
    {
        RunState.Done => ExitCodes.Done,
        RunState.Stopped => ExitCodes.Interrupted,
        _ => ExitCodes.Failed,
    };

    private static void Tell(IReadOnlyList<RunStepRow> steps, HashSet<(int Position, RunStepState State, string? Detail)> told)
    {
        foreach (var step in steps.Where(step => told.Add((step.Position, step.State, step.Detail))))
        {
            Console.Error.WriteLine($"  {step.Title}: {step.State.ToString().ToLowerInvariant()}{(step.Detail is null ? "" : $" · {step.Detail}")}");
        }
    }
}
