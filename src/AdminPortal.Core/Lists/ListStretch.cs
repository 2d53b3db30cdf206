namespace AdminPortal.Core.Lists;

/// <summary>A part of a list in an order of its own.</summary>
/// <param name="Where">The rows that belong to it; null: all.</param>
/// <param name="AlwaysLast">It ends the list in both directions, as rows without a value do.</param>
internal sealed record ListStretch<TEntity, TRow>(
    ListSort<TEntity, TRow> Sort, Func<IQueryable<TEntity>, IQueryable<TEntity>>? Where = null, bool AlwaysLast = false);
