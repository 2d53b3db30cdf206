namespace AdminPortal.Core.Activity;

/// <summary>Which lines of the record, in which order, from where, and how many (1–200).</summary>
/// <param name="Filter">Null: every line.</param>
/// <param name="OldestFirst">As it happened; else the newest line is the first.</param>
/// <param name="Cursor">From the page before; of the other order or unreadable: the list starts at its beginning.</param>
public sealed record ActivityQuery(ActivityFilter? Filter = null, bool OldestFirst = false, string? Cursor = null, int Limit = 50)
{
    public ActivityFilter Filter { get; init; } = Filter ?? new ActivityFilter();
}
