using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Policies;

/// <summary>A device that a policy is about; times in UTC.</summary>
/// <param name="WarnedAt">When its owner was told; null: not yet, or nothing that is still announced.</param>
/// <param name="ActsAt">What its owner was told: not before this time.</param>
public sealed record PolicyMatch(
    string Id, string DeviceId, DeviceType Type, string? Name, string UserId, string Person, DateTime LastSeenAt, DateTime ExpiresAt, DateTimeOffset? WarnedAt,
    DateTimeOffset? ActsAt = null)
{
    public string Title => Names.Clean(Name) ?? DeviceTypeLabels.Of(Type);
}

/// <summary>What a policy would find if it were switched on with these settings.</summary>
/// <param name="Devices">How many devices match, counted exactly.</param>
/// <param name="People">Whose they are.</param>
/// <param name="Sample">Some of those people, by name.</param>
/// <param name="ToWarn">Of a policy that warns: how many owners the next run would tell.</param>
/// <param name="Due">How many devices the next run would act on; null: this policy does nothing to existing devices.</param>
/// <param name="Working">How many devices work now.</param>
/// <param name="NeedsYes">The next run would act on so many of them that it waits for an admin's yes.</param>
/// <param name="GraceUntil">The portal was away; nothing is done to devices before this time.</param>
public sealed record PolicySimulation(
    ListPage<PolicyMatch> Page, int Devices, int People, IReadOnlyList<string> Sample, int ToWarn, int? Due, int Working = 0, bool NeedsYes = false,
    DateTimeOffset? GraceUntil = null);
