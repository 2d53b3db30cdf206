using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Monitoring;

/// <summary>What the Monitoring page shows.</summary>
/// <param name="Times">The beginnings of the range's stretches, UTC.</param>
/// <param name="HasFigures">False: nothing was measured in this range yet.</param>
/// <param name="Counts">As they are now; null: the primary target is away.</param>
/// <param name="Sync">As it is now; null: the primary target is away.</param>
/// <param name="Pools">Of the instance that serves the page.</param>
/// <param name="Sizes">The largest first; null: the primary target is away.</param>
public sealed record MonitoringView(
    MonitoringRange Range, IReadOnlyList<DateTimeOffset> Times, bool HasFigures, IReadOnlyList<PlotData> Plots, PairingCounts? Counts, SyncCounts? Sync,
    IReadOnlyList<PoolUse> Pools, long? DatabaseBytes, IReadOnlyList<SizeLine>? Sizes, ErrorsSeen Errors);

/// <summary>Some plots over one range.</summary>
/// <param name="Times">The beginnings of the range's stretches, UTC.</param>
public sealed record PlotsView(IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<PlotData> Plots);

/// <summary>A plot with its numbers.</summary>
public sealed record PlotData(Plot Plot, IReadOnlyList<LineData> Lines);

/// <summary>A line's number for each of the view's times; null: not measured.</summary>
public sealed record LineData(string Title, IReadOnlyList<double?> Values);

/// <summary>A table with its room now, and how much of it is new since the first measurement of the range.</summary>
/// <param name="Growth">Bytes with indexes, negative when it shrank; null: not measured before.</param>
public sealed record SizeLine(TableSize Table, long? Growth);

/// <summary>The errors of the instance that serves the page.</summary>
public sealed record ErrorsSeen(DateTimeOffset Since, long Count, IReadOnlyList<ErrorLine> Last);
