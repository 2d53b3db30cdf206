using AdminPortal.Core.Users;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Users;

/// <summary>The list of users as an address and back.</summary>
internal static class UserListAddress
{
    public static string Of(UserQuery query) => QueryText.Address(
        "/users",
        ("search", query.Search),
        ("sort", query is { Sort: UserSort.Name, Descending: false } ? null : QueryText.Sort(query.Sort, query.Descending)),
        ("cursor", query.Cursor));

    public static UserQuery Parse(string address)
    {
        var read = QueryText.Read(address);
        var (sort, descending) = QueryText.ParseSort<UserSort>(read("sort")) ?? (UserSort.Name, false);
        return new UserQuery(read("search"), sort, descending, read("cursor"));
    }

    public static string SortedBy(UserQuery query, UserSort sort) =>
        Of(query with { Sort = sort, Descending = query.Sort == sort ? !query.Descending : sort != UserSort.Name, Cursor = null });
}
