using System.Text.Json;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Policies;

/// <summary>What happens to a device that stays unseen after its owner was told.</summary>
public enum UnseenAct
{
    /// <summary>Suspended; an admin can release it.</summary>
    Quarantine,

    /// <summary>Ended; the device has to be paired again.</summary>
    Revoke,
}

/// <summary>The numbers and choices of one policy, as <c>device_policies.settings</c> keeps them in JSON.</summary>
public abstract record PolicySettings
{
    private const int MostDays = 3650;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter<UnseenAct>(JsonNamingPolicy.KebabCaseLower) } };

    private PolicySettings()
    {
    }

    /// <param name="WarnAfterDays">Days without a call after which the owner is told.</param>
    /// <param name="ActAfterDays">Days from then to the act; 0: it acts at once, without a warning.</param>
    public sealed record Unseen(int WarnAfterDays, int ActAfterDays, UnseenAct Act) : PolicySettings
    {
        /// <summary>How many days lie between telling an owner and the act. One at least: who is told has to be able to do something about it.</summary>
        internal int DaysToAct => Math.Max(1, ActAfterDays);
    }

    /// <param name="ShortenExisting">True: the daily run shortens pairings that last longer from now on.</param>
    public sealed record LongestPairing(int Days, bool ShortenExisting) : PolicySettings;

    public sealed record DevicesPerUser(int Maximum) : PolicySettings;

    public sealed record AllowedTypes(IReadOnlyList<DeviceType> Types) : PolicySettings;

    public sealed record AdminScopes(IReadOnlyList<PermissionScope> Scopes) : PolicySettings;

    /// <summary>Which of <see cref="PolicyNames"/> these settings are for.</summary>
    public string PolicyName() => this switch
    {
        Unseen => PolicyNames.Unseen,
        LongestPairing => PolicyNames.LongestPairing,
        DevicesPerUser => PolicyNames.DevicesPerUser,
        AllowedTypes => PolicyNames.AllowedTypes,
        _ => PolicyNames.AdminScopes,
    };

    /// <summary>True: the daily run does something to the devices that match; else they only stand in the way of something new.</summary>
    public bool ActsOnDevices() => this is Unseen or LongestPairing { ShortenExisting: true };

    /// <summary>The sentence that says what is wrong with them, or null.</summary>
    public string? Check() => this switch
    {
        Unseen { WarnAfterDays: < 1 or > MostDays } => $"A device counts as unseen after 1 to {MostDays} days.",
        Unseen { ActAfterDays: < 0 or > MostDays } => $"Between the warning and the act lie 0 to {MostDays} days.",
        Unseen unseen when !Enum.IsDefined(unseen.Act) => "Choose what happens: quarantine or revoke.",
        LongestPairing { Days: < 1 or > MostDays } => $"A pairing lasts 1 to {MostDays} days.",
        DevicesPerUser { Maximum: < 1 or > 1000 } => "A person may have 1 to 1,000 devices.",
        AllowedTypes { Types.Count: 0 } => "Allow at least one type of device.",
        AllowedTypes types when types.Types.Any(type => !Enum.IsDefined(type)) => "A type of device is not known.",
        AdminScopes { Scopes.Count: 0 } => "Choose at least one scope.",
        AdminScopes scopes when scopes.Scopes.Any(scope => !Enum.IsDefined(scope)) => "A scope is not known.",
        _ => null,
    };

    /// <summary>What the policy does, in one sentence.</summary>
    public string Describe() => this switch
    {
        Unseen { ActAfterDays: 0 } unseen => $"A device that was not seen for {InDays(unseen.WarnAfterDays)} is {Done(unseen.Act)}.",
        Unseen unseen => $"After {InDays(unseen.WarnAfterDays)} without a call the owner is told; {InDays(unseen.ActAfterDays)} later the device is {Done(unseen.Act)}.",
        LongestPairing longest => $"A pairing lasts {InDays(longest.Days)} at most.{(longest.ShortenExisting ? " Longer ones are shortened." : "")}",
        DevicesPerUser most => $"A person has at most {most.Maximum} {(most.Maximum == 1 ? "device" : "devices")} that work.",
        AllowedTypes types => $"Only these can be paired: {string.Join(", ", types.Types.Select(Devices.DeviceTypeLabels.Of))}.",
        AdminScopes scopes => $"Only an administrator grants: {string.Join(", ", scopes.Scopes.Select(ScopeLabels.Of))}.",
        _ => "",
    };

    /// <summary>Settings to start from, for a policy that nobody has saved yet.</summary>
    public static PolicySettings Default(string policy) => policy switch
    {
        PolicyNames.Unseen => new Unseen(60, 14, UnseenAct.Quarantine),
        PolicyNames.LongestPairing => new LongestPairing(180, ShortenExisting: false),
        PolicyNames.DevicesPerUser => new DevicesPerUser(10),
        PolicyNames.AllowedTypes => new AllowedTypes(Enum.GetValues<DeviceType>()),
        PolicyNames.AdminScopes => new AdminScopes([PermissionScope.AccessDiagnosis]),
        _ => throw new ArgumentException($"There is no policy '{policy}'.", nameof(policy)),
    };

    internal string Write() => JsonSerializer.Serialize(this, GetType(), Json);

    internal static PolicySettings Read(string policy, string json) => (PolicySettings)JsonSerializer.Deserialize(json, Default(policy).GetType(), Json)!;

    private static string InDays(int days) => days == 1 ? "1 day" : $"{days} days";

    private static string Done(UnseenAct act) => act == UnseenAct.Quarantine ? "quarantined" : "revoked";
}
