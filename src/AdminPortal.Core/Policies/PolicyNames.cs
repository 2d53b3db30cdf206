namespace AdminPortal.Core.Policies;

/// <summary>The rules over paired devices: the words of <c>device_policies.name</c>.</summary>
public static class PolicyNames
{
    /// <summary>A device that was not seen for long is announced, then quarantined or ended.</summary>
    public const string Unseen = "unseen";

    /// <summary>How long a pairing may last.</summary>
    public const string LongestPairing = "longest-pairing";

    /// <summary>How many devices of one person may work at a time.</summary>
    public const string DevicesPerUser = "devices-per-user";

    /// <summary>Which types of device can be paired.</summary>
    public const string AllowedTypes = "allowed-types";

    /// <summary>Which scopes only an admin can grant, beside FULL_ACCESS.</summary>
    public const string AdminScopes = "admin-scopes";

    /// <summary>In the order in which people read them.</summary>
    public static IReadOnlyList<string> All { get; } = [Unseen, LongestPairing, DevicesPerUser, AllowedTypes, AdminScopes];
}
