using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Devices;

/// <summary>The kinds of device in people's words.</summary>
public static class DeviceTypeLabels
{
    public static string Of(DeviceType type) => type switch
    {
        DeviceType.Desktop => "Desktop computer",
        DeviceType.MobileIos => "iPhone",
        DeviceType.MobileAndroid => "Android phone",
        DeviceType.Tablet => "Tablet",
        _ => type.ToString(),
    };
}
