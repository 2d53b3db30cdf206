using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Runs;

/// <summary>A run as pages show it; times in UTC.</summary>
/// <param name="IsWaiting">Unfinished, and no portal instance works on it: one takes it up within seconds.</param>
/// <param name="UndoneBy">The run that took this one back.</param>
public sealed record RunRow(
    string Id, string Kind, string Title, RunState State, string? Reason, string ActorId, string? ActorName, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt, DateTimeOffset? StopRequestedAt, string? StopRequestedBy, long? Total, long Done, long Skipped, string? Error,
    bool IsWaiting, string? UndoOf, string? UndoneBy)
{
    /// <summary>The name of the target that it works on.</summary>
    public required string Target { get; init; }

    /// <summary>The backup that it took; null: none.</summary>
    public string? BackupId { get; init; }

    public bool IsFinished => FinishedAt is not null;

    /// <summary>What was not touched, known once the total is.</summary>
    public long? Left => Total is { } total ? Math.Max(0, total - Done - Skipped) : null;
}
