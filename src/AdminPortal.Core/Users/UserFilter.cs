namespace AdminPortal.Core.Users;

/// <summary>Users by what devices they have.</summary>
public enum UserDevices
{
    /// <summary>At least one that works.</summary>
    Working,

    /// <summary>Devices, but none that works.</summary>
    NoneWorking,

    /// <summary>None was ever paired, or all are gone.</summary>
    None,
}

/// <summary>Users by when a device of theirs last finished syncing.</summary>
public enum UserSync
{
    Never,

    /// <summary>In the last seven days.</summary>
    Lately,

    /// <summary>More than seven days ago.</summary>
    LongAgo,
}

/// <summary>Which users: all of what is set holds at once.</summary>
/// <param name="Search">Words, each in the name or e-mail; one that no user has may be in the name or kind of a device of theirs.</param>
public sealed record UserFilter(string? Search = null, UserDevices? Devices = null, UserSync? Sync = null)
{
    /// <summary>Every user.</summary>
    public static UserFilter None { get; } = new();
}

/// <summary>A filter in words, for the record.</summary>
public static class UserFilterWords
{
    public static string Of(UserFilter filter)
    {
        var parts = new[]
        {
            filter.Search is { Length: > 0 } search ? $"search “{search}”" : null,
            filter.Devices is { } devices ? $"devices: {Of(devices).ToLowerInvariant()}" : null,
            filter.Sync is { } sync ? $"synced: {Of(sync).ToLowerInvariant()}" : null,
        };
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } words ? words : "all users";
    }

    public static string Of(UserDevices devices) => devices switch
    {
        UserDevices.Working => "Some that work",
        UserDevices.NoneWorking => "None that works",
        _ => "None at all",
    };

    public static string Of(UserSync sync) => sync switch
    {
        UserSync.Lately => "In the last 7 days",
        UserSync.LongAgo => "More than 7 days ago",
        _ => "Never",
    };
}
