namespace AdminPortal.Data.Runs;

/// <summary>The stages of an operation run; stored by name.</summary>
public enum RunState
{
    Queued,
    Running,

    /// <summary>Someone asked it to stop before its end. What it did stays done.</summary>
    Stopped,
    Done,
    Failed,
}
