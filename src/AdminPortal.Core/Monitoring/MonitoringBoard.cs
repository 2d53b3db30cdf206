using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Monitoring;

/// <summary>Puts the Monitoring page together: stored figures, and what is true now. Works while the primary target is away.</summary>
public sealed class MonitoringBoard
{
    private const int TablesShown = 12;
    private readonly FigureStore store;
    private readonly DeviceDatabases databases;
    private readonly SizeFigures sizes;
    private readonly ErrorLog errors;

    internal MonitoringBoard(FigureStore store, DeviceDatabases databases, SizeFigures sizes, ErrorLog errors) =>
        (this.store, this.databases, this.sizes, this.errors) = (store, databases, sizes, errors);

    /// <summary>Null for people who do not see everyone's devices.</summary>
    public async Task<MonitoringView?> ReadAsync(Actor actor, MonitoringRange range, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        var stored = await store.ReadAsync([.. Plots.Figures.Select(f => f.Name)], SizeFigures.Prefix, range, cancellationToken);
        var (counts, sync, report) = await NowAsync(cancellationToken);
        return new MonitoringView(
            range, stored.Times, stored.ByName.Count > 0, Draw(Plots.All, stored),
            counts, sync, PoolUse.Read(), report?.DatabaseBytes,
            report?.Tables.Take(TablesShown).Select(table => new SizeLine(table, Growth(table, stored))).ToList(),
            new ErrorsSeen(errors.Since, errors.Count, errors.Last()));
    }

    /// <summary>Some plots by their ids, without what is true now. Null for people who do not see everyone's devices.</summary>
    public async Task<PlotsView?> ReadAsync(Actor actor, IReadOnlyCollection<string> plots, MonitoringRange range, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        List<Plot> wanted = [.. Plots.All.Where(plot => plots.Contains(plot.Id))];
        var stored = await store.ReadAsync([.. wanted.SelectMany(plot => plot.Lines).Select(line => line.Figure.Name).Distinct()], prefix: null, range, cancellationToken);
        return new PlotsView(stored.Times, Draw(wanted, stored));
    }

    private static List<PlotData> Draw(IReadOnlyList<Plot> plots, StoredFigures stored)
    {
        var measured = Plots.Figures.SelectMany(f => stored.ByName.GetValueOrDefault(f.Name)?.Keys ?? []).ToHashSet();
        return [.. plots.Select(plot => new PlotData(plot, [.. plot.Lines.Select(line => new LineData(line.Title, [.. stored.Times.Select(at => Value(line, at))]))]))];

        double? Value(PlotLine line, DateTimeOffset at) =>
            stored.ByName.GetValueOrDefault(line.Figure.Name)?.GetValueOrDefault(at) is { } sum ? line.Read(sum)
            : line.Figure.Kind == FigureKind.Count && measured.Contains(at) ? 0 // the portal measured, and nothing happened
            : null;
    }

    private async Task<(PairingCounts? Counts, SyncCounts? Sync, SizeReport? Sizes)> NowAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await PairingCounts.ReadAsync(databases, cancellationToken), await SyncCounts.ReadAsync(databases, cancellationToken), await sizes.ReadAsync(cancellationToken));
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            return (null, null, null);
        }
    }

    private static long? Growth(TableSize table, StoredFigures stored)
    {
        var (first, indexes) = (First(SizeFigures.TableName(table.Table)), First(SizeFigures.IndexesName(table.Table)));
        return first is { } room && indexes is { } more ? (long)(table.TableBytes + table.IndexBytes - room - more) : null;

        double? First(string name) => stored.ByName.GetValueOrDefault(name) is { Count: > 0 } known ? known.MinBy(k => k.Key).Value.Mean : null;
    }
}
