namespace AdminPortal.Core.Runs;

/// <summary>Work to be started.</summary>
/// <param name="Id">Made by the caller with <see cref="Data.Ids.New"/>, so that its own rows can name the run before it starts.</param>
/// <param name="Kind">One that an <see cref="IRunWork"/> takes.</param>
/// <param name="Title">What it does, in words that name its object.</param>
/// <param name="Parameters">JSON for the work; no secrets.</param>
/// <param name="ExclusiveKey">At most one unfinished run has a given key; null: any number.</param>
/// <param name="UndoOf">The run that this one takes back; a run is taken back at most once.</param>
public sealed record NewRun(
    string Id, string Kind, string Target, string Title, string Parameters, string? Reason, long? Total = null,
    string? ExclusiveKey = null, string? UndoOf = null);

/// <summary>What came of starting work.</summary>
public abstract record StartRunOutcome
{
    private StartRunOutcome()
    {
    }

    public sealed record Started(string RunId) : StartRunOutcome;

    /// <summary>An unfinished run holds the same exclusive key.</summary>
    public sealed record AlreadyRunning(string RunId) : StartRunOutcome;

    /// <summary>Someone took the same run back already.</summary>
    public sealed record AlreadyUndone(string RunId) : StartRunOutcome;
}

/// <summary>What came of asking a run to stop.</summary>
public abstract record StopRunOutcome
{
    private StopRunOutcome()
    {
    }

    /// <summary>It ends after the step it is in.</summary>
    public sealed record Stopping : StopRunOutcome;

    /// <summary>Someone had asked before.</summary>
    public sealed record AlreadyStopping(string? By) : StopRunOutcome;

    /// <summary>It had come to its end.</summary>
    public sealed record AlreadyFinished : StopRunOutcome;

    public sealed record NotAllowed : StopRunOutcome;

    public sealed record NotFound : StopRunOutcome;
}
