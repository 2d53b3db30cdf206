using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Devices;

/// <summary>
/// A filter of devices as values of a query: the same words in the page's address, in the API and in an export's.
/// </summary>
internal static class DeviceFilterText
{
    public static (string Name, string? Value)[] Values(DeviceFilter filter) =>
    [
        ("search", filter.Search),
        ("user", filter.User),
        ("state", filter.State is { } state ? QueryText.Word(state) : null),
        ("type", filter.Type is { } type ? QueryText.Word(type) : null),
        ("scope", filter.Scope is { } scope ? QueryText.Word(scope) : null),
        ("seen", filter.Seen?.ToString()),
        ("paired", filter.Paired?.ToString()),
        ("platform", filter.Platform),
        ("appVersion", filter.AppVersion),
    ];

    /// <summary>What cannot be read is left out, and named in <paramref name="unreadable"/>.</summary>
    public static DeviceFilter Read(Func<string, string?> read, out IReadOnlyList<string> unreadable)
    {
        var reader = new FilterReader(read);
        unreadable = reader.Unreadable;
        return new DeviceFilter(
            reader.Text("search"), reader.Value("state", QueryText.Parse<DeviceStanding>), reader.Value("type", Label<DeviceType>),
            reader.Value("scope", Label<PermissionScope>), reader.Value("seen", Age.Parse), reader.Value("paired", Age.Parse),
            reader.Text("platform"), reader.Text("appVersion"), reader.Text("user"));
    }

    /// <summary><c>mobileIos</c> as in addresses, or <c>MOBILE_IOS</c> as in the database and the API.</summary>
    private static T? Label<T>(string? text)
        where T : struct, Enum => QueryText.Parse<T>(text?.Replace("_", "", StringComparison.Ordinal));
}
