namespace AdminPortal.Core.Jobs;

/// <summary>A job as people see it; times in UTC.</summary>
/// <param name="Schedule">The cron expression in force, or <see cref="JobOptions.Off"/>.</param>
/// <param name="NextRun">Null: only when a person asks for it.</param>
/// <param name="HasPreview">A person can see what a run would do.</param>
/// <param name="Runs">The last ones, the newest first.</param>
public sealed record JobRow(string Name, string Title, string Explanation, string Schedule, DateTimeOffset? NextRun, bool HasPreview, IReadOnlyList<JobRunRow> Runs)
{
    public bool IsRunning => Runs.Any(run => run.Outcome == JobOutcome.Running);

    /// <summary>Somebody has asked the run to stop, and it has not ended yet.</summary>
    public bool IsStopping => Runs.Any(run => run is { Outcome: JobOutcome.Running, StopAskedBy: not null });
}

/// <param name="StartedBy"><see cref="JobRuns.Schedule"/>, or who asked for it.</param>
public sealed record JobRunRow(
    long Id, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string Outcome, string StartedBy, string Instance, string? Message, string? StopAskedBy = null);

/// <summary>The words of <c>job_runs.outcome</c>.</summary>
public static class JobOutcome
{
    public const string Running = "running";
    public const string Done = "done";
    public const string Failed = "failed";

    /// <summary>A person asked it to stop.</summary>
    public const string Stopped = "stopped";

    /// <summary>The portal instance that ran it is gone.</summary>
    public const string Abandoned = "abandoned";
}
