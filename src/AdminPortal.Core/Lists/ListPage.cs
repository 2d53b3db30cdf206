namespace AdminPortal.Core.Lists;

/// <summary>Some rows of a long list, and the cursors to the rows before and after them (null: there are none).</summary>
/// <param name="CountUpTo1000">How many rows the filter has, counted no further than 1,001.</param>
/// <param name="About">Where there are more: how many the database expects; null where the count is exact.</param>
public sealed record ListPage<TRow>(
    IReadOnlyList<TRow> Rows, string? NextCursor, string? PreviousCursor, int CountUpTo1000, long? About = null)
{
    /// <summary>Rows are counted up to this many and one more: an exact count of a long list costs more than the list.</summary>
    public const int CountLimit = 1000;

    /// <summary>Too many rows match for the order that was asked for, so they are in the list's usual one.</summary>
    public bool IsTooLongForOrder { get; init; }
}
