using System.Globalization;
using AdminPortal.Core.Jobs;

namespace AdminPortal.Core.Policies;

/// <summary>The daily run of the policies.</summary>
internal sealed class DevicePoliciesJob(PolicyRun policies) : IPortalJob
{
    public string Name => JobNames.DevicePolicies;

    public string Title => "Device policies";

    public string Explanation => "Warns owners of devices that a policy is about, and quarantines, ends or shortens those whose time is up.";

    public string DefaultSchedule => "0 10 3 * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var results = await policies.RunAsync(cancellationToken);
        return new JobResult(
            results.Count == 0 ? "No policy that acts on devices is switched on." : string.Join(" ", results.Select(Words)),
            results.ToDictionary(r => r.Policy, r => new { r.Matches, r.Warned, r.Acted, r.Held }));
    }

    private static string Words(PolicyRunResult result) => (result.Policy == PolicyNames.Unseen
        ? $"Unseen: {Many(result.Matches, "device")} matched, owners of {result.Warned:N0} told, {Many(result.Acted, "device")} acted on."
        : $"Longest pairing: {Many(result.Acted, "pairing")} shortened.") + Remark(result);

    private static string Remark(PolicyRunResult result) => result switch
    {
        { Held: { } held } => $" {Many(held, "device")} wait for a yes on the policy's page: they are too many to act on without one.",
        { Changed: true } => " The policy was switched off or changed meanwhile: the run stopped there.",
        { GraceUntil: { } until } => string.Create(
            CultureInfo.InvariantCulture, $" The portal was away: nothing is done to devices before {until.UtcDateTime:d MMMM yyyy, HH:mm} UTC."),
        _ => "",
    };

    private static string Many(int count, string word) => count == 1 ? $"1 {word}" : $"{count:N0} {word}s";
}
