using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Lists;

/// <summary>An order that is read by cursor: by a value, then by one that no two rows share, so that every row has one place.</summary>
internal abstract class ListSort<TEntity, TRow>(string name)
{
    public string Name => name;

    /// <summary>No index has the value: it is counted for every row that the question touches, so the list must be short.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The rows behind the place (null: all), in reading order.</summary>
    public virtual IQueryable<TEntity> Apply(IQueryable<TEntity> query, bool down, ListCursor? place) => Order(From(query, down, place), down);

    /// <summary>The rows behind the place.</summary>
    public abstract IQueryable<TEntity> From(IQueryable<TEntity> query, bool down, ListCursor? place);

    /// <summary>The reading order.</summary>
    public abstract IQueryable<TEntity> Order(IQueryable<TEntity> query, bool down);

    public abstract string KeyOf(TRow row);

    /// <summary>What tells rows of one value apart; null: the row's id.</summary>
    public abstract string? TieOf(TRow row);
}

/// <param name="key">The value in the database; not null there.</param>
/// <param name="rowKey">The same value in a row that was read.</param>
/// <param name="bound">
/// For a value of a joined table, whose index cannot answer a comparison with the id of another: the plain comparison of the
/// value (true: not above the cursor's), which it can.
/// </param>
/// <param name="rowId">The value of <paramref name="id"/> in a row that was read; null: it is the row's id.</param>
internal sealed class ListSort<TEntity, TRow, TKey>(
    string name, Expression<Func<TEntity, TKey>> key, Expression<Func<TEntity, string>> id, Func<TRow, TKey> rowKey,
    Func<TKey, bool, Expression<Func<TEntity, bool>>>? bound = null, Func<TRow, string>? rowId = null) : ListSort<TEntity, TRow>(name)
    where TKey : notnull
{
    private static readonly MethodInfo Pair = new Func<TKey, string, ValueTuple<TKey, string>>(ValueTuple.Create).Method;
    private static readonly MethodInfo Greater = Compare(nameof(NpgsqlDbFunctionsExtensions.GreaterThan));
    private static readonly MethodInfo Less = Compare(nameof(NpgsqlDbFunctionsExtensions.LessThan));

    public override IQueryable<TEntity> From(IQueryable<TEntity> query, bool down, ListCursor? place)
    {
        if (place is null)
        {
            return query;
        }

        var behind = query.Where(Behind(place, down));
        return bound is null ? behind : behind.Where(bound(Parse(place.Key), down));
    }

    public override IQueryable<TEntity> Order(IQueryable<TEntity> query, bool down) =>
        down ? query.OrderByDescending(key).ThenByDescending(id) : query.OrderBy(key).ThenBy(id);

    public override string? TieOf(TRow row) => rowId?.Invoke(row);

    public override string KeyOf(TRow row) => rowKey(row) switch
    {
        DateTime time => time.Ticks.ToString(CultureInfo.InvariantCulture),
        { } value => value.ToString()!,
    };

    /// <summary><c>(key, id) > (cursor's key, cursor's id)</c> as one row comparison, which an index can answer.</summary>
    private Expression<Func<TEntity, bool>> Behind(ListCursor cursor, bool down)
    {
        var from = new Place(Parse(cursor.Key), cursor.Id); // a member access, so that EF makes it a parameter
        var row = key.Parameters[0];
        var tie = new Replace(id.Parameters[0], row).Visit(id.Body);
        var here = Expression.Call(Pair, key.Body, tie);
        var there = Expression.Call(
            Pair, Expression.Property(Expression.Constant(from), nameof(Place.Key)), Expression.Property(Expression.Constant(from), nameof(Place.Id)));
        return Expression.Lambda<Func<TEntity, bool>>(
            Expression.Call(down ? Less : Greater, Expression.Constant(EF.Functions), Expression.Convert(here, typeof(ITuple)), Expression.Convert(there, typeof(ITuple))), row);
    }

    private static TKey Parse(string text)
    {
        if (typeof(TKey) == typeof(DateTime))
        {
            return (TKey)(object)new DateTime(long.TryParse(text, CultureInfo.InvariantCulture, out var ticks) ? Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks) : 0, DateTimeKind.Utc);
        }

        if (typeof(TKey) == typeof(int))
        {
            return (TKey)(object)(int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0);
        }

        return typeof(TKey).IsEnum
            ? Enum.GetNames(typeof(TKey)).Contains(text) ? (TKey)Enum.Parse(typeof(TKey), text) : default!
            : (TKey)(object)text;
    }

    private static MethodInfo Compare(string name) =>
        typeof(NpgsqlDbFunctionsExtensions).GetMethod(name, [typeof(DbFunctions), typeof(ITuple), typeof(ITuple)])!;

    private sealed record Place(TKey Key, string Id);

    private sealed class Replace(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
