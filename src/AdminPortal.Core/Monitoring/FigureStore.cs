using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Monitoring;

/// <summary>
/// The figures in the portal's own database. Each measurement is added to its minute, its ten minutes, its hour and its day at once, so
/// nothing has to be rolled up later and no crash leaves a stretch that was not. Stretches are of the database's clock.
/// </summary>
public sealed class FigureStore(IDbContextFactory<PortalDbContext> contexts)
{
    private static readonly int[] Grains = [.. MonitoringRange.All.Select(r => r.Grain)];
    private static readonly int[] KeptSeconds = [.. MonitoringRange.All.Select(r => (int)r.Kept.TotalSeconds)];

    /// <summary>Adds to what other instances have written; all or nothing.</summary>
    internal async Task AddAsync(IReadOnlyDictionary<string, FigureSum> sums, CancellationToken cancellationToken)
    {
        if (sums.Count == 0)
        {
            return;
        }

        var (names, counts) = (sums.Keys.ToArray(), sums.Values.Select(s => s.Count).ToArray());
        var (totals, greatest) = (sums.Values.Select(s => s.Sum).ToArray(), sums.Values.Select(s => s.Max).ToArray());
        var buckets = sums.Values.Select(s => s.Buckets is null ? null : $"{{{string.Join(',', s.Buckets)}}}").ToArray();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.figures AS f (name, grain, at, count, sum, max, buckets)
             SELECT d.name, g.grain, to_timestamp(floor(extract(epoch FROM now()) / g.grain) * g.grain), d.count, d.sum, d.max, d.buckets::bigint[]
             FROM unnest({names}, {counts}, {totals}, {greatest}, {buckets}::text[]) AS d (name, count, sum, max, buckets) CROSS JOIN unnest({Grains}) AS g (grain)
             ORDER BY d.name, g.grain
             ON CONFLICT (name, grain, at) DO UPDATE SET
                 count = f.count + excluded.count, sum = f.sum + excluded.sum, max = greatest(f.max, excluded.max),
                 buckets = (SELECT array_agg(coalesce(b.kept, 0) + coalesce(b.new, 0) ORDER BY b.place) FROM unnest(f.buckets, excluded.buckets) WITH ORDINALITY AS b (kept, new, place))
             """,
            cancellationToken);
    }

    /// <summary>The stretches of a range up to now, for each figure that has any; and the stretch of now.</summary>
    /// <param name="prefix">Figures whose name begins so too; null: none.</param>
    internal async Task<StoredFigures> ReadAsync(IReadOnlyCollection<string> names, string? prefix, MonitoringRange range, CancellationToken cancellationToken)
    {
        var (grain, steps, wanted) = (range.Grain, range.Steps, names.ToArray());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = (await db.Database.SqlQuery<DateTimeOffset>($"""SELECT to_timestamp(floor(extract(epoch FROM now()) / {grain}) * {grain}) AS "Value" """).ToListAsync(cancellationToken))[0];
        var from = now - (range.Step * (steps - 1));
        var rows = await db.FigureSamples.AsNoTracking()
            .Where(s => s.Grain == grain && s.At >= from && s.At <= now && (wanted.Contains(s.Name) || (prefix != null && s.Name.StartsWith(prefix))))
            .OrderBy(s => s.At).ToListAsync(cancellationToken);
        var byName = rows.GroupBy(r => r.Name, StringComparer.Ordinal).ToDictionary(
            g => g.Key, IReadOnlyDictionary<DateTimeOffset, FigureSum> (g) => g.ToDictionary(r => r.At.ToUniversalTime(), r => new FigureSum(r.Count, r.Sum, r.Max, r.Buckets)), StringComparer.Ordinal);
        return new StoredFigures([.. Enumerable.Range(0, steps).Select(i => from.ToUniversalTime() + (range.Step * i))], byName);
    }

    /// <summary>Forgets what no range shows any more; returns how many rows.</summary>
    internal async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM portal.figures f USING unnest({Grains}, {KeptSeconds}) AS k (grain, seconds)
             WHERE f.grain = k.grain AND f.at < now() - make_interval(secs => k.seconds)
             """,
            cancellationToken);
    }
}

/// <summary>What was kept of a range.</summary>
/// <param name="Times">The beginnings of all its stretches in UTC, the last is that of now.</param>
internal sealed record StoredFigures(IReadOnlyList<DateTimeOffset> Times, IReadOnlyDictionary<string, IReadOnlyDictionary<DateTimeOffset, FigureSum>> ByName);
