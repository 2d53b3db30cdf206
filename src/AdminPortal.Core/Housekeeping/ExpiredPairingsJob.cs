using AdminPortal.Core.Jobs;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Housekeeping;

/// <summary>The daily clean-up of pairings, after the policies have run.</summary>
internal sealed class ExpiredPairingsJob(ExpiredPairings pairings, IOptions<HousekeepingOptions> options) : IPreviewedJob
{
    private int Days => options.Value.ExpiredPairingDays;

    public string Name => JobNames.ExpiredPairings;

    public string Title => "Expired pairings";

    public string Explanation =>
        $"Removes pairings that were ended and whose time ran out more than {Days:N0} days ago, with their permissions. Quarantined devices stay, and so do the history and the knowledge that a token was revoked.";

    public string DefaultSchedule => "0 25 3 * * ?";

    public async Task<string> PreviewAsync(CancellationToken cancellationToken)
    {
        var found = await pairings.PreviewAsync(cancellationToken);
        return found.Pairings == 0
            ? $"It would remove nothing: no ended pairing ran out more than {Days:N0} days ago."
            : $"It would remove {Many(found.Pairings, "pairing")} and {Many(found.Permissions, "permission")}.{Range(found.Oldest, found.Newest)} This cannot be undone.";
    }

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var removed = await pairings.RunAsync(cancellationToken);
        return new JobResult(
            removed.Pairings == 0
                ? "There was nothing to remove."
                : $"Removed {Many(removed.Pairings, "pairing")} and {Many(removed.Permissions, "permission")}, {removed.Bytes / 1024.0:N0} KB of rows, in {removed.Milliseconds / 1000.0:N1} s.{Range(removed.Oldest, removed.Newest)}",
            removed);
    }

    private static string Range(DateTime? oldest, DateTime? newest) => oldest is null ? "" : $" They ran out between {oldest:yyyy-MM-dd} and {newest:yyyy-MM-dd}.";

    private static string Many(long count, string word) => count == 1 ? $"1 {word}" : $"{count:N0} {word}s";
}
