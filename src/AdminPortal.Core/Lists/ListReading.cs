using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Lists;

internal static class ListReading
{
    public const int MaximumLimit = 200;

    /// <summary>Reads one page by keyset: as quick at the far end of a list as at its start, and steady while rows come and go.</summary>
    public static async Task<ListPage<TRow>> ReadAsync<TEntity, TRow>(
        this IQueryable<TEntity> query, ListSort<TEntity, TRow> sort, bool descending, string? cursorText, int limit,
        Expression<Func<TEntity, TRow>> select, Func<TRow, string> rowId, CancellationToken cancellationToken)
    {
        limit = Math.Clamp(limit, 1, MaximumLimit);
        var cursor = ListCursor.Parse(cursorText);
        if (cursor is not null && (cursor.Sort != sort.Name || cursor.Descending != descending))
        {
            cursor = null; // the list was sorted anew: it starts at its beginning
        }

        var rows = await sort.Apply(query, descending, cursor).Take(limit + 1).Select(select).ToListAsync(cancellationToken);
        var count = await query.Take(ListPage<TRow>.CountLimit + 1).CountAsync(cancellationToken);
        var more = rows.Count > limit;
        if (more)
        {
            rows.RemoveAt(limit);
        }

        var backwards = cursor?.Backwards == true;
        if (backwards)
        {
            rows.Reverse();
        }

        var hasNext = backwards ? rows.Count > 0 : more;
        var hasPrevious = backwards ? more : cursor is not null && rows.Count > 0;
        return new ListPage<TRow>(
            rows,
            hasNext ? Cursor(rows[^1], backwards: false) : null,
            hasPrevious ? Cursor(rows[0], backwards: true) : null,
            count);

        string Cursor(TRow row, bool backwards) => new ListCursor(sort.Name, descending, sort.KeyOf(row), rowId(row), backwards).ToString();
    }
}
