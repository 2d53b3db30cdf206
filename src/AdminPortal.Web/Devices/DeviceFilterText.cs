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
        var wrong = new List<string>();
        unreadable = wrong;
        return new DeviceFilter(
            read("search"), Word("state", QueryText.Parse<DeviceStanding>), Word("type", Label<DeviceType>), Word("scope", Label<PermissionScope>),
            Word("seen", Age.Parse), Word("paired", Age.Parse), read("platform"), read("appVersion"));

        T? Word<T>(string name, Func<string?, T?> parse)
            where T : struct
        {
            var text = read(name);
            var value = text is null ? null : parse(text);
            if (text is not null && value is null)
            {
                wrong.Add(name);
            }

            return value;
        }
    }

    /// <summary><c>mobileIos</c> as in addresses, or <c>MOBILE_IOS</c> as in the database and the API.</summary>
    private static T? Label<T>(string? text)
        where T : struct, Enum => QueryText.Parse<T>(text?.Replace("_", "", StringComparison.Ordinal));
}
