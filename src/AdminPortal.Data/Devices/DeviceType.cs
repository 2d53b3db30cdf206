using System.Text.Json.Serialization;
using NpgsqlTypes;

namespace AdminPortal.Data.Devices;

/// <summary>The kinds of device that can be paired: the enum <c>public."DeviceType"</c>, labels in this order.</summary>
[JsonConverter(typeof(EnumLabelConverter<DeviceType>))]
public enum DeviceType
{
    [PgName("DESKTOP"), JsonStringEnumMemberName("DESKTOP")]
    Desktop,

    [PgName("MOBILE_IOS"), JsonStringEnumMemberName("MOBILE_IOS")]
    MobileIos,

    [PgName("MOBILE_ANDROID"), JsonStringEnumMemberName("MOBILE_ANDROID")]
    MobileAndroid,

    [PgName("TABLET"), JsonStringEnumMemberName("TABLET")]
    Tablet,
}
