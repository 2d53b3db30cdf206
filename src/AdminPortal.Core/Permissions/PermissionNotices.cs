namespace AdminPortal.Core.Permissions;

/// <summary>How notices and history speak of grants.</summary>
public static class PermissionNotices
{
    /// <summary>Ends the detail of a notice about a request that only an admin can grant: admins are told as well.</summary>
    public const string NeedsAdmin = " (needs an admin)";

    internal static string Until(DateTimeOffset? end) => end is { } at ? $" until {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
}
