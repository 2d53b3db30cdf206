namespace AdminPortal.Core.Jobs;

/// <summary>Work that the portal does by itself at set times, on one of its instances at a time.</summary>
public interface IPortalJob
{
    /// <summary>One of <see cref="JobNames"/>.</summary>
    string Name { get; }

    string Title { get; }

    /// <summary>What it does, in one sentence.</summary>
    string Explanation { get; }

    /// <summary>A Quartz cron expression in UTC (seconds first); <c>Jobs:{name}</c> of the configuration replaces it.</summary>
    string DefaultSchedule { get; }

    /// <summary>True: it runs so often that a run that went well is not worth a line in the log.</summary>
    bool IsRoutine => false;

    /// <summary>Does it once. May be cut off at any point and is then done again: each step commits by itself.</summary>
    Task<JobResult> RunAsync(CancellationToken cancellationToken);
}

/// <summary>What a run found and did.</summary>
/// <param name="Message">In words, for people.</param>
/// <param name="Figures">Kept as JSON; null: none.</param>
public sealed record JobResult(string Message, object? Figures);
