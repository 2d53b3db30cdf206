using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;

namespace AdminPortal.Web.Devices;

/// <summary>The filters that are set, each in words and with the filter that is left without it.</summary>
internal static class DeviceFilterChips
{
    public static IReadOnlyList<(string Text, DeviceFilter Without)> Of(DeviceFilter filter) =>
        [.. (((string? Text, DeviceFilter Without)[])
        [
            (filter.User is { } user ? $"User “{user}”" : null, filter with { User = null }),
            (filter.State is { } state ? DeviceFilterWords.Of(state) : null, filter with { State = null }),
            (filter.Type is { } type ? DeviceTypeLabels.Of(type) : null, filter with { Type = null }),
            (filter.Scope is { } scope ? $"May: {ScopeLabels.Of(scope)}" : null, filter with { Scope = null }),
            (filter.Seen is { } seen ? $"Seen {DeviceFilterWords.Of(seen)}" : null, filter with { Seen = null }),
            (filter.Paired is { } paired ? $"Paired {DeviceFilterWords.Of(paired)}" : null, filter with { Paired = null }),
            (filter.Platform is { } platform ? $"Platform {platform}" : null, filter with { Platform = null }),
            (filter.AppVersion is { } version ? $"App {version}" : null, filter with { AppVersion = null }),
        ]).Where(chip => chip.Text is not null).Select(chip => (chip.Text!, chip.Without))];
}
