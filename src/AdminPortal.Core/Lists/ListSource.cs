namespace AdminPortal.Core.Lists;

/// <summary>The rows that a list may show, and what narrows them. Apart, so that reading can choose where to begin.</summary>
/// <param name="All">Every row that the reader may see.</param>
/// <param name="Narrow">The filter, told whether it is met on a walk along the order; null: none is set.</param>
internal sealed record ListSource<TEntity>(IQueryable<TEntity> All, Func<IQueryable<TEntity>, bool, IQueryable<TEntity>>? Narrow = null)
{
    public IQueryable<TEntity> Matching => Narrow is null ? All : Narrow(All, false);
}
