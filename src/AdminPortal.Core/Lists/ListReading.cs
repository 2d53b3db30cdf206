using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Lists;

public static class ListReading
{
    public const int MaximumLimit = 200;

    /// <summary>Up to so many rows are sorted by what is counted for each of them, which takes a tenth of a second or two.</summary>
    public const int CountedLimit = 5_000;

    /// <summary>A filter that leaves fewer than one row in so many is searched for, and not walked to.</summary>
    private const int WalkShare = 200;

    /// <summary>How far a list is walked along its order for rows of a filter, before they are gathered and sorted instead.</summary>
    private const int WalkLimit = 10_000;

    /// <summary>Of fewer matches than this all are gathered and sorted, without a try at walking.</summary>
    private const int SurelyShort = 1_000;

    /// <summary>Reads one page by keyset: as quick at the far end of a list as at its start, and steady while rows come and go.</summary>
    internal static async Task<ListPage<TRow>> ReadAsync<TEntity, TRow>(
        this ListSource<TEntity> source, ListOrder<TEntity, TRow> order, bool descending, string? cursorText, int limit,
        Expression<Func<TEntity, TRow>> select, Func<TRow, string> rowId, CancellationToken cancellationToken)
    {
        limit = Math.Clamp(limit, 1, MaximumLimit);
        var cursor = ListCursor.Parse(cursorText);
        if (cursor is not null && (cursor.Sort != order.Name || cursor.Descending != descending || !order.From(descending, cursor).Any()))
        {
            cursor = null; // the list was sorted anew: it starts at its beginning
        }

        var matching = await Tally.OfAsync(source.Matching, await source.EstimateAsync(cancellationToken), null, cancellationToken);
        var backwards = cursor?.Backwards == true;
        var (rows, place) = (new List<(TRow Row, int Number, ListSort<TEntity, TRow> Sort)>(), cursor);
        foreach (var (number, stretch) in order.From(descending, cursor))
        {
            var part = stretch.Where is { } where ? source with { All = where(source.All) } : source;
            var read = await RowsAsync(part, stretch.Sort, descending != backwards, place, limit + 1 - rows.Count, select, matching.Number, cancellationToken);
            rows.AddRange(read.Select(row => (row, number, stretch.Sort)));
            place = null; // the next stretch is read from its beginning
            if (rows.Count > limit)
            {
                break;
            }
        }

        var more = rows.Count > limit;
        if (more)
        {
            rows.RemoveAt(limit);
        }

        if (cursor is null && !more)
        {
            matching = new Tally(rows.Count); // all of it is here, whatever was expected
        }
        else if (matching.Number < rows.Count)
        {
            matching = new Tally(rows.Count, IsAbout: true); // fewer were expected than can be seen
        }

        if (backwards)
        {
            rows.Reverse();
        }

        var hasNext = backwards ? rows.Count > 0 : more;
        var hasPrevious = backwards ? more : cursor is not null && rows.Count > 0;
        return new ListPage<TRow>(
            [.. rows.Select(row => row.Row)],
            hasNext ? Cursor(rows[^1], backwards: false) : null,
            hasPrevious ? Cursor(rows[0], backwards: true) : null,
            matching);

        string Cursor((TRow Row, int Number, ListSort<TEntity, TRow> Sort) at, bool backwards) => new ListCursor(
            order.Name, descending, at.Sort.KeyOf(at.Row), at.Sort.TieOf(at.Row) ?? rowId(at.Row), backwards, at.Number).ToString();
    }

    internal static Task<ListPage<TRow>> ReadAsync<TEntity, TRow>(
        this IQueryable<TEntity> query, ListSort<TEntity, TRow> sort, bool descending, string? cursorText, int limit,
        Expression<Func<TEntity, TRow>> select, Func<TRow, string> rowId, CancellationToken cancellationToken) =>
        new ListSource<TEntity>(query).ReadAsync(new ListOrder<TEntity, TRow>(sort), descending, cursorText, limit, select, rowId, cancellationToken);

    /// <summary>
    /// Rows of a common filter are met soon on a walk along the order's index; rare ones are gathered by the filter's
    /// indexes and sorted. The planner cannot tell when a filter and an order go together (all matches at the far end),
    /// so the walk has an end.
    /// </summary>
    private static async Task<List<TRow>> RowsAsync<TEntity, TRow>(
        ListSource<TEntity> source, ListSort<TEntity, TRow> sort, bool down, ListCursor? place, int limit,
        Expression<Func<TEntity, TRow>> select, long matches, CancellationToken cancellationToken)
    {
        if (source.Narrow is null)
        {
            return await sort.Apply(source.All, down, place).Take(limit).Select(select).ToListAsync(cancellationToken);
        }

        if (!sort.IsCounted && matches > SurelyShort && matches > await RowEstimate.OfAsync(source.All, cancellationToken) / WalkShare)
        {
            var walked = source.Narrow(sort.Apply(source.All, down, place).Take(WalkLimit), Purpose.Walk);
            var met = await sort.Order(walked, down).Take(limit).Select(select).ToListAsync(cancellationToken);
            if (met.Count == limit)
            {
                return met;
            }
        }

        var none = 0; // a variable: EF leaves a constant out
        var gathered = sort.From(source.Matching, down, place).Skip(none); // OFFSET 0 has the planner find the rows without an eye on their order
        return await sort.Order(gathered, down).Take(limit).Select(select).ToListAsync(cancellationToken);
    }
}
