using AdminPortal.Core.Policies;

namespace AdminPortal.Web.DevicePolicies;

/// <summary>The policies in people's words.</summary>
internal static class PolicyTitles
{
    public static string Of(string name) => name switch
    {
        PolicyNames.Unseen => "Unseen devices",
        PolicyNames.LongestPairing => "Longest pairing",
        PolicyNames.DevicesPerUser => "Devices per person",
        PolicyNames.AllowedTypes => "Allowed types of device",
        PolicyNames.AdminScopes => "Permissions that need an administrator",
        _ => name,
    };

    /// <summary>What it is for.</summary>
    public static string Explain(string name) => name switch
    {
        PolicyNames.Unseen => "Devices that nobody uses any more keep their access until somebody takes it. This tells their owners first, then quarantines or revokes them.",
        PolicyNames.LongestPairing => "How long a device works before it has to be paired again.",
        PolicyNames.DevicesPerUser => "How many devices of one person work at the same time. Quarantined and expired ones do not count; pairing a device again takes no further place.",
        PolicyNames.AllowedTypes => "Which types of device can be paired.",
        PolicyNames.AdminScopes => "Which permissions owners cannot grant to their own devices. Full access always needs an administrator.",
        _ => "",
    };

    /// <summary>What it does to devices that are paired already.</summary>
    public static string ForExisting(PolicySettings settings) => settings switch
    {
        PolicySettings.Unseen or PolicySettings.LongestPairing { ShortenExisting: true } => "",
        PolicySettings.LongestPairing => "These last longer. They are left as they are.",
        PolicySettings.DevicesPerUser => "These belong to people who have more. They stay; no further device can be paired until there is room.",
        PolicySettings.AllowedTypes => "These are of other types. They stay until they end; they cannot be paired again.",
        _ => "These have such a permission now. They keep it until it ends.",
    };
}
