namespace AdminPortal.Core.Lists;

/// <summary>
/// One way to sort a list: one stretch after another, each read from an index of its own. So a list can be sorted by what no
/// column holds, such as a status that the clock decides.
/// </summary>
internal sealed class ListOrder<TEntity, TRow>(string name, params IReadOnlyList<ListStretch<TEntity, TRow>> stretches)
{
    public ListOrder(ListSort<TEntity, TRow> sort)
        : this(sort.Name, new ListStretch<TEntity, TRow>(sort))
    {
    }

    public string Name => name;

    /// <summary>The stretches by number as they are read, beginning with the cursor's; empty: there is no such stretch.</summary>
    public IEnumerable<(int Number, ListStretch<TEntity, TRow> Stretch)> From(bool descending, ListCursor? cursor)
    {
        var numbered = stretches.Select((stretch, number) => (number, stretch)).ToList();
        var sequence = numbered.Where(s => !s.stretch.AlwaysLast).ToList();
        if (descending)
        {
            sequence.Reverse();
        }

        sequence.AddRange(numbered.Where(s => s.stretch.AlwaysLast));
        if (cursor?.Backwards == true)
        {
            sequence.Reverse();
        }

        return sequence.SkipWhile(s => cursor is not null && s.number != cursor.Stretch);
    }
}
