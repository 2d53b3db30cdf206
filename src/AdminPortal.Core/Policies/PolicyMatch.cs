using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Policies;

/// <summary>A device that a policy is about; times in UTC.</summary>
/// <param name="WarnedAt">When its owner was told; null: not yet.</param>
public sealed record PolicyMatch(
    string Id, string DeviceId, DeviceType Type, string? Name, string UserId, string Person, DateTime LastSeenAt, DateTime ExpiresAt, DateTimeOffset? WarnedAt)
{
    public string Title => Name ?? DeviceTypeLabels.Of(Type);
}

/// <summary>What a policy would find if it were switched on with these settings.</summary>
/// <param name="Devices">How many devices match, counted exactly.</param>
/// <param name="People">Whose they are.</param>
/// <param name="Sample">Some of those people, by name.</param>
/// <param name="ToWarn">Of a policy that warns: how many owners the next run would tell.</param>
/// <param name="Due">How many devices the next run would act on; null: this policy does nothing to existing devices.</param>
public sealed record PolicySimulation(ListPage<PolicyMatch> Page, int Devices, int People, IReadOnlyList<string> Sample, int ToWarn, int? Due);
