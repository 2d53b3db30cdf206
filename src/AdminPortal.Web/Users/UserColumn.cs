using AdminPortal.Core.Users;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Users;

/// <summary>The columns of the user list that can be shown or left out; the person always is there.</summary>
public enum UserColumn
{
    Devices,
    Synced,
    Joined,
    Id,
}

/// <summary>Which columns are shown, as a value of the address.</summary>
internal static class UserColumns
{
    public static IReadOnlyList<UserColumn> Default { get; } = [UserColumn.Devices, UserColumn.Synced, UserColumn.Joined];

    public static string Label(UserColumn column) => column switch
    {
        UserColumn.Devices => "Active devices",
        UserColumn.Synced => "Last synced",
        UserColumn.Id => "User id",
        _ => column.ToString(),
    };

    /// <summary>What the column's title sorts by.</summary>
    public static UserSort Sort(UserColumn column) => column switch
    {
        UserColumn.Devices => UserSort.Devices,
        UserColumn.Synced => UserSort.LastSynced,
        UserColumn.Joined => UserSort.Joined,
        _ => UserSort.Id,
    };

    /// <summary>Null: nothing that can be read, so the usual columns.</summary>
    public static IReadOnlyList<UserColumn>? Parse(string? text) =>
        text?.Split(',').Select(QueryText.Parse<UserColumn>).OfType<UserColumn>().Distinct().Order().ToList() is { Count: > 0 } columns ? columns : null;

    /// <summary>Null: the usual ones, which an address need not name.</summary>
    public static string? Text(IReadOnlyList<UserColumn> columns) =>
        columns.Order().SequenceEqual(Default) ? null : string.Join(',', columns.Order().Select(QueryText.Word));
}
