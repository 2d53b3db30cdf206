using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Runs;

/// <summary>A step of a run that was begun. Disposed without an end it counts as failed.</summary>
public sealed class RunStepProgress : IDisposable
{
    private readonly RunJournal journal;
    private readonly RunStep step;

    internal RunStepProgress(RunJournal journal, RunStep step) => (this.journal, this.step) = (journal, step);

    /// <summary>How far it is, in words.</summary>
    public void Tell(string detail) => journal.Change(step, RunStepState.Running, detail);

    public void Done(string? detail = null) => journal.Change(step, RunStepState.Done, detail);

    public void Failed(string detail) => journal.Change(step, RunStepState.Failed, detail);

    public void Stopped(string? detail = null) => journal.Change(step, RunStepState.Stopped, detail);

    public void Dispose()
    {
        if (step.State == RunStepState.Running)
        {
            journal.Change(step, RunStepState.Failed, null);
        }
    }
}
