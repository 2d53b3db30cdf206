using System.Linq.Expressions;

namespace AdminPortal.Core.Lists;

/// <summary>
/// An order by a value of another table, joined once: place and order must name the same row of it, or no index can answer
/// both. Leaves out what the join leaves out.
/// </summary>
internal sealed class JoinedSort<TEntity, TJoined, TRow>(
    ListSort<TJoined, TRow> inner, Func<IQueryable<TEntity>, IQueryable<TJoined>> join, Expression<Func<TJoined, TEntity>> back) : ListSort<TEntity, TRow>(inner.Name)
{
    public override IQueryable<TEntity> Apply(IQueryable<TEntity> query, bool down, ListCursor? place) => inner.Apply(join(query), down, place).Select(back);

    public override IQueryable<TEntity> From(IQueryable<TEntity> query, bool down, ListCursor? place) => inner.From(join(query), down, place).Select(back);

    public override IQueryable<TEntity> Order(IQueryable<TEntity> query, bool down) => inner.Order(join(query), down).Select(back);

    public override string KeyOf(TRow row) => inner.KeyOf(row);

    public override string? TieOf(TRow row) => inner.TieOf(row);
}
