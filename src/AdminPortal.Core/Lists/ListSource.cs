namespace AdminPortal.Core.Lists;

/// <summary>What a filter is put together for: the same rows each time, in the form that suits the planner.</summary>
internal enum Purpose
{
    /// <summary>To find all matches, wherever they are.</summary>
    Gather,

    /// <summary>To look at row after row along an order, and stop early.</summary>
    Walk,

    /// <summary>To ask how many to expect; may leave out what would mislead the planner and hardly changes the number.</summary>
    Estimate,
}

/// <summary>The rows that a list may show, and what narrows them. Apart, so that reading can choose where to begin.</summary>
/// <param name="All">Every row that the reader may see.</param>
/// <param name="Narrow">The filter; null: none is set.</param>
internal sealed record ListSource<TEntity>(IQueryable<TEntity> All, Func<IQueryable<TEntity>, Purpose, IQueryable<TEntity>>? Narrow = null)
{
    public IQueryable<TEntity> Matching => Narrow is null ? All : Narrow(All, Purpose.Gather);

    /// <summary>Too many rows for an order that is counted (<see cref="ListReading.CountedLimit"/>), as far as the planner knows.</summary>
    public async Task<bool> IsTooLongToCountAsync(CancellationToken cancellationToken) => await EstimateAsync(cancellationToken) > ListReading.CountedLimit;

    public Task<long> EstimateAsync(CancellationToken cancellationToken) =>
        RowEstimate.OfAsync(Narrow is null ? All : Narrow(All, Purpose.Estimate), cancellationToken);
}
