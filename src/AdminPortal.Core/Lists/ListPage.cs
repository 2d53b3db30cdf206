namespace AdminPortal.Core.Lists;

/// <summary>Some rows of a long list, and the cursors to the rows before and after them (null: there are none).</summary>
/// <param name="Matching">How many rows the filter has.</param>
public sealed record ListPage<TRow>(IReadOnlyList<TRow> Rows, string? NextCursor, string? PreviousCursor, Tally Matching)
{
    /// <summary>Too many rows match for the order that was asked for, so they are in the list's usual one.</summary>
    public bool IsTooLongForOrder { get; init; }
}
