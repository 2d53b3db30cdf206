using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Runs;

/// <summary>
/// The steps and log lines of one run. Work writes here as often as it likes; the heartbeat carries it into the portal's own
/// database, where any page reads it. While that database is away nothing is lost, only later.
/// </summary>
public sealed class RunJournal
{
    /// <summary>A run that talks more than this is cut: the log is for people.</summary>
    internal const int MostLines = 5000;

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly string runId;
    private readonly List<RunStep> unwrittenSteps = [];
    private readonly List<RunLine> unwrittenLines = [];
    private int position;
    private int lines;

    internal RunJournal(string runId, int lastPosition, int lineCount, TimeProvider time)
    {
        this.runId = runId;
        this.time = time;
        (position, lines) = (lastPosition, lineCount);
    }

    /// <summary>Begins the next step; whoever begins it ends it.</summary>
    public RunStepProgress Begin(string title)
    {
        lock (gate)
        {
            var step = new RunStep { RunId = runId, Position = ++position, Title = title, State = RunStepState.Running, StartedAt = time.GetUtcNow() };
            unwrittenSteps.Add(step);
            return new RunStepProgress(this, step);
        }
    }

    /// <summary>One line of the log; no secrets.</summary>
    public void Log(string text)
    {
        lock (gate)
        {
            if (++lines > MostLines)
            {
                return;
            }

            var shown = lines == MostLines ? "The log is cut here." : text;
            unwrittenLines.Add(new RunLine { RunId = runId, At = time.GetUtcNow(), Text = shown });
        }
    }

    internal void Change(RunStep step, RunStepState state, string? detail)
    {
        lock (gate)
        {
            step.State = state;
            step.Detail = detail ?? step.Detail;
            step.FinishedAt = state == RunStepState.Running ? null : time.GetUtcNow();
            if (!unwrittenSteps.Contains(step))
            {
                unwrittenSteps.Add(step);
            }
        }
    }

    /// <summary>What is to be written now. Given back with <see cref="Return"/> when writing failed.</summary>
    internal (IReadOnlyList<RunStep> Steps, IReadOnlyList<RunLine> Lines) Take()
    {
        lock (gate)
        {
            var steps = unwrittenSteps.ConvertAll(s => new RunStep
            {
                RunId = s.RunId,
                Position = s.Position,
                Title = s.Title,
                State = s.State,
                StartedAt = s.StartedAt,
                FinishedAt = s.FinishedAt,
                Detail = s.Detail,
            });
            var taken = (steps, unwrittenLines.ToList());
            unwrittenSteps.Clear();
            unwrittenLines.Clear();
            return taken;
        }
    }

    internal void Return(IReadOnlyList<RunStep> steps, IReadOnlyList<RunLine> given)
    {
        lock (gate)
        {
            unwrittenSteps.InsertRange(0, steps.Where(step => unwrittenSteps.All(newer => newer.Position != step.Position)));
            unwrittenLines.InsertRange(0, given);
        }
    }
}
