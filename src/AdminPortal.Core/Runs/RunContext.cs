using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using AdminPortal.Core.Activity;

namespace AdminPortal.Core.Runs;

/// <summary>
/// What work knows of its run, and how it tells of its progress: as often as it likes, since the figures are kept here and
/// written with the heartbeat.
/// </summary>
/// <param name="Parameters">The work's own JSON.</param>
/// <param name="CreatedAt">When a person asked for it.</param>
/// <param name="Journal">Where work tells its steps and its log.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither timer nor handle: there is nothing to free.")]
public sealed record RunContext(
    string Id, string Kind, string Target, string Parameters, string? Reason, Actor Actor, DateTimeOffset CreatedAt, string? UndoOf, RunJournal Journal)
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private volatile bool stopRequested;
    private RunFigures figures;

    /// <summary>Someone asked the run to stop; work ends after the step it is in.</summary>
    public bool StopRequested => stopRequested;

    /// <summary>Cancelled when someone asks the run to stop, for work that can break off in the middle of a step.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>True once work saw the wish to stop and left things undone because of it.</summary>
    public bool Stopped { get; private set; }

    internal RunFigures Figures
    {
        get
        {
            lock (gate)
            {
                return figures;
            }
        }
    }

    /// <summary>How far the work is, counted over all its attempts.</summary>
    /// <param name="total">Null while it is not known.</param>
    public void Report(long done, long skipped, long? total)
    {
        lock (gate)
        {
            figures = new RunFigures(done, skipped, total);
        }
    }

    /// <summary>True when work has to end here, since someone asked it to.</summary>
    public bool StopsHere()
    {
        Stopped |= stopRequested;
        return Stopped;
    }

    internal void RequestStop()
    {
        stopRequested = true;
        stopping.Cancel();
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunFigures(long Done, long Skipped, long? Total);
