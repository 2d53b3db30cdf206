namespace AdminPortal.Core.Overview;

/// <summary>Something that waits for a person.</summary>
/// <param name="Title">What is not well, in one sentence.</param>
/// <param name="Since">Since when, or when it was last well; null: never, or not known. In UTC.</param>
/// <param name="Address">The page where it is done.</param>
/// <param name="Act">What is done there.</param>
public sealed record OverviewTask(string Title, string Detail, DateTimeOffset? Since, string Address, string Act);

/// <summary>What is well with one thing, in one line.</summary>
/// <param name="Address">The page that tells more.</param>
public sealed record WellLine(string Title, IReadOnlyList<WellFact> Facts, string Address);

/// <param name="At">When that was found, in UTC; null: it holds now.</param>
public sealed record WellFact(string Words, DateTimeOffset? At = null);

/// <summary>How the databases and the portal's own work stand.</summary>
/// <param name="Tasks">What needs somebody, the databases first; empty: nothing.</param>
public sealed record OverviewState(IReadOnlyList<OverviewTask> Tasks, IReadOnlyList<WellLine> Well, DateTimeOffset ReadAt);
