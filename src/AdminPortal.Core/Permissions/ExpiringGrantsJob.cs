using AdminPortal.Core.Jobs;

namespace AdminPortal.Core.Permissions;

/// <summary>The hourly look at what has ended and what ends soon.</summary>
internal sealed class ExpiringGrantsJob(ExpiringGrants grants) : IPortalJob
{
    public string Name => JobNames.ExpiringGrants;

    public string Title => "Expiring permissions";

    public string Explanation => "Records permissions that have run out, and tells owners 7 days and 1 day before a permission or a pairing ends. Permissions end on the second without it.";

    public string DefaultSchedule => "0 5 * * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var result = await grants.RunAsync(cancellationToken);
        return new JobResult(
            $"{result.Expired:N0} ran out and were recorded. Owners were told of {result.ScopesEnding:N0} permissions and {result.PairingsEnding:N0} pairings that end soon. {result.Voided:N0} requests of pairings that ran out were closed.",
            result);
    }
}
