using AdminPortal.Core.Devices;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Devices;

/// <summary>The columns of the device list that can be shown or left out; the device itself always is there.</summary>
public enum DeviceColumn
{
    Person,
    Kind,
    Status,
    Sync,
    LastSeen,
    Paired,
    Expires,
    Scopes,
    Address,
    App,
    Platform,
}

/// <summary>Which columns are shown, as a value of the address: <c>person,status,address</c>.</summary>
internal static class DeviceColumns
{
    public static IReadOnlyList<DeviceColumn> Default { get; } =
        [DeviceColumn.Person, DeviceColumn.Status, DeviceColumn.Sync, DeviceColumn.LastSeen, DeviceColumn.Expires, DeviceColumn.Scopes];

    public static string Label(DeviceColumn column) => column switch
    {
        DeviceColumn.LastSeen => "Last seen",
        DeviceColumn.App => "App version",
        DeviceColumn.Scopes => "Permissions",
        DeviceColumn.Person => "User",
        _ => column.ToString(),
    };

    /// <summary>What the column's title sorts by; null: nothing.</summary>
    public static DeviceSort? Sort(DeviceColumn column) => column switch
    {
        DeviceColumn.Person => DeviceSort.User,
        DeviceColumn.Kind => DeviceSort.Type,
        DeviceColumn.Status => DeviceSort.Status,
        DeviceColumn.Sync => null,
        DeviceColumn.LastSeen => DeviceSort.LastSeen,
        DeviceColumn.Paired => DeviceSort.Paired,
        DeviceColumn.Expires => DeviceSort.Expires,
        DeviceColumn.Address => DeviceSort.Address,
        DeviceColumn.App => DeviceSort.AppVersion,
        DeviceColumn.Platform => DeviceSort.Platform,
        _ => DeviceSort.Scopes,
    };

    /// <summary>Null: nothing that can be read, so the usual columns.</summary>
    public static IReadOnlyList<DeviceColumn>? Parse(string? text) =>
        text?.Split(',').Select(QueryText.Parse<DeviceColumn>).OfType<DeviceColumn>().Distinct().Order().ToList() is { Count: > 0 } columns ? columns : null;

    /// <summary>Null: the usual ones, which an address need not name.</summary>
    public static string? Text(IReadOnlyList<DeviceColumn> columns) =>
        columns.Order().SequenceEqual(Default) ? null : string.Join(',', columns.Order().Select(QueryText.Word));
}
