using AdminPortal.Core.Users;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Users;

/// <summary>The list of users as an address and back.</summary>
internal static class UserListAddress
{
    /// <param name="columns">Null: the usual ones.</param>
    public static string Of(UserQuery query, IReadOnlyList<UserColumn>? columns = null) => QueryText.Address(
        "/users",
        [
            .. Values(query.Filter),
            ("columns", columns is null ? null : UserColumns.Text(columns)),
            ("sort", query is { Sort: UserSort.Name, Descending: false } ? null : QueryText.Sort(query.Sort, query.Descending)),
            ("cursor", query.Cursor),
        ]);

    /// <summary>The export of what the list shows.</summary>
    public static string Csv(UserFilter filter) => QueryText.Address(UserExport.Path, Values(filter));

    public static UserQuery Parse(string address) => Parse(address, out _);

    /// <param name="unreadable">The parts of the filter that cannot be read and are left out.</param>
    public static UserQuery Parse(string address, out IReadOnlyList<string> unreadable)
    {
        var read = QueryText.Read(address);
        var (sort, descending) = QueryText.ParseSort<UserSort>(read("sort")) ?? (UserSort.Name, false);
        return new UserQuery(ParseFilter(read, out unreadable), sort, descending, read("cursor"));
    }

    public static UserFilter ParseFilter(Func<string, string?> read, out IReadOnlyList<string> unreadable)
    {
        var reader = new FilterReader(read);
        unreadable = reader.Unreadable;
        return new UserFilter(reader.Text("search"), reader.Value("devices", QueryText.Parse<UserDevices>), reader.Value("sync", QueryText.Parse<UserSync>));
    }

    public static IReadOnlyList<UserColumn>? ParseColumns(string address) => UserColumns.Parse(QueryText.Read(address)("columns"));

    public static string SortedBy(UserQuery query, UserSort sort, IReadOnlyList<UserColumn>? columns = null) =>
        Of(query with { Sort = sort, Descending = query.Sort == sort ? !query.Descending : sort is UserSort.LastSynced or UserSort.Joined or UserSort.Devices, Cursor = null }, columns);

    private static (string Name, string? Value)[] Values(UserFilter filter) =>
    [
        ("search", filter.Search),
        ("devices", filter.Devices is { } devices ? QueryText.Word(devices) : null),
        ("sync", filter.Sync is { } sync ? QueryText.Word(sync) : null),
    ];
}
