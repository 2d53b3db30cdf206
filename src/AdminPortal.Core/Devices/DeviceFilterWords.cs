using AdminPortal.Core.Permissions;

namespace AdminPortal.Core.Devices;

/// <summary>A filter in one line of words, for the record of what was exported or acted on.</summary>
public static class DeviceFilterWords
{
    public static string Of(DeviceFilter filter)
    {
        var parts = new[]
        {
            filter.Search is { Length: > 0 } search ? $"search “{search}”" : null,
            filter.User is { Length: > 0 } user ? $"user “{user}”" : null,
            filter.State is { } state ? $"status {Of(state).ToLowerInvariant()}" : null,
            filter.Type is { } type ? $"kind {DeviceTypeLabels.Of(type)}" : null,
            filter.Scope is { } scope ? $"may {ScopeLabels.Of(scope)}" : null,
            filter.Seen is { } seen ? $"seen {Of(seen)}" : null,
            filter.Paired is { } paired ? $"paired {Of(paired)}" : null,
            filter.Platform is { Length: > 0 } platform ? $"platform {platform}" : null,
            filter.AppVersion is { Length: > 0 } version ? $"app version {version}" : null,
        };
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } words ? words : "all devices";
    }

    public static string Of(DeviceStanding state) => state switch
    {
        DeviceStanding.Expiring => "Expiring soon",
        DeviceStanding.Revoked => "Revoked",
        _ => state.ToString(),
    };

    public static string Of(Age age) => (age.Over, age.Days) switch
    {
        (false, 1) => "in the last 24 hours",
        (false, var days) => $"in the last {days} days",
        (true, 1) => "more than 24 hours ago",
        (true, var days) => $"more than {days} days ago",
    };
}
