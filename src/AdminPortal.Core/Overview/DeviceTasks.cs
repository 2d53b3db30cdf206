using AdminPortal.Core.Lists;

namespace AdminPortal.Core.Overview;

/// <summary>What devices need from somebody.</summary>
public static class DeviceTasks
{
    /// <summary>The most urgent first.</summary>
    public static IReadOnlyList<OverviewTask> Of(OverviewFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return [.. All(facts)];
    }

    private static IEnumerable<OverviewTask> All(OverviewFacts facts)
    {
        if (facts.OpenAlerts.Any)
        {
            yield return new OverviewTask(Count(facts.OpenAlerts, "alert waits", "alerts wait"), "Somebody says that a device was not paired by them, or a device behaves oddly.", null, "/alerts", "Decide");
        }

        foreach (var policy in facts.HeldPolicies)
        {
            yield return new OverviewTask("A policy waits for a yes", $"It would act on {policy.Devices:N0} of {policy.Of:N0} devices.", policy.At, $"/settings/policies/{policy.Name}", "Decide");
        }

        if (facts.Quarantined.Any)
        {
            yield return new OverviewTask(Count(facts.Quarantined, "quarantined device waits", "quarantined devices wait"), "Release or revoke them.", null, "/devices?state=quarantined", "Decide");
        }

        if (facts.SyncProblems.Any)
        {
            yield return new OverviewTask(Count(facts.SyncProblems, "device has a sync problem", "devices have sync problems"), "They cannot send or fetch, or lost a value.", null, "/sync", "See");
        }

        if (facts.OpenRequests.Any)
        {
            yield return new OverviewTask(Count(facts.OpenRequests, "permission request waits", "permission requests wait"), "Their owners can answer them too.", null, "/permissions", "See");
        }

        if (facts.EndingSoonCount.Any)
        {
            yield return new OverviewTask(
                Count(facts.EndingSoonCount, "device expires", "devices expire") + $" within {PortalOverview.SoonDays} days", "Owners are told, and pair again.", null, "/devices?state=active&sort=expires", "See");
        }
    }

    private static string Count(Tally tally, string one, string many) => tally is { Number: 1, IsAbout: false } ? $"1 {one}" : Sentence($"{tally} {many}");

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
