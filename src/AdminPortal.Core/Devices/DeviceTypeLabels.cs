using System.Reflection;
using AdminPortal.Data.Devices;
using NpgsqlTypes;

namespace AdminPortal.Core.Devices;

/// <summary>The kinds of device in people's words.</summary>
public static class DeviceTypeLabels
{
    /// <summary>The database's labels, in the order of the enum, beside <see cref="Words"/>: for statements that put them into rows.</summary>
    internal static string[] Stored { get; } =
        [.. Enum.GetValues<DeviceType>().Select(type => typeof(DeviceType).GetField(type.ToString())!.GetCustomAttribute<PgNameAttribute>()!.PgName)];

    internal static string[] Words { get; } = [.. Enum.GetValues<DeviceType>().Select(Of)];

    /// <summary>The word of the database and the API, such as <c>MOBILE_IOS</c>.</summary>
    public static string NameOf(DeviceType type) => Stored[(int)type];

    /// <summary>The kinds that a folded word of a search names: "phone" both phones, "tab" a tablet.</summary>
    internal static IReadOnlyList<DeviceType> Found(string word) =>
        [.. Enum.GetValues<DeviceType>().Where(type => $" {Of(type).ToLowerInvariant()}".Contains(word.Length < 3 ? $" {word}" : word, StringComparison.Ordinal))];

    public static string Of(DeviceType type) => type switch
    {
        DeviceType.Desktop => "Desktop computer",
        DeviceType.MobileIos => "iPhone",
        DeviceType.MobileAndroid => "Android phone",
        DeviceType.Tablet => "Tablet",
        _ => type.ToString(),
    };
}
