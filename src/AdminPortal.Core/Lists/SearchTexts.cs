using System.Linq.Expressions;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Lists;

/// <summary>The texts that are searched, as <c>users_words_idx</c> and <c>device_pairings_words_idx</c> hold them; they must stay those of the indexes.</summary>
internal static class SearchTexts
{
    public static Expression<Func<AppUser, bool>> User(string word)
    {
        var pattern = SearchWords.Pattern(word);
        return u => EF.Functions.Like(DatabaseText.SearchFold(u.Email + " " + (u.Name ?? "")), pattern, SearchText.Escape);
    }

    /// <summary>The device itself, without its person.</summary>
    public static Expression<Func<DevicePairing, bool>> Device(string word)
    {
        var pattern = SearchWords.Pattern(word);
        Expression<Func<DevicePairing, bool>> condition =
            p => EF.Functions.Like(DatabaseText.SearchFold(p.DeviceId + " " + (p.DeviceName ?? "") + " " + (p.IpAddress ?? "")), pattern, SearchText.Escape);
        foreach (var kind in Devices.DeviceTypeLabels.Found(word))
        {
            condition = Either(p => p.DeviceType == kind, condition); // first what costs nothing
        }

        return condition;
    }

    public static Expression<Func<DevicePairing, bool>> DeviceOrPerson(string word)
    {
        var pattern = SearchWords.Pattern(word);
        return Either(Device(word), p => EF.Functions.Like(DatabaseText.SearchFold(p.User.Email + " " + (p.User.Name ?? "")), pattern, SearchText.Escape));
    }

    public static Expression<Func<T, bool>> Either<T>(Expression<Func<T, bool>> one, Expression<Func<T, bool>> other) =>
        Expression.Lambda<Func<T, bool>>(Expression.OrElse(one.Body, new Renamed(other.Parameters[0], one.Parameters[0]).Visit(other.Body)), one.Parameters);

    public static Expression<Func<T, bool>> Both<T>(Expression<Func<T, bool>> one, Expression<Func<T, bool>> other) =>
        Expression.Lambda<Func<T, bool>>(Expression.AndAlso(one.Body, new Renamed(other.Parameters[0], one.Parameters[0]).Visit(other.Body)), one.Parameters);

    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
