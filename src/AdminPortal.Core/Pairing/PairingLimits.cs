using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Pairing;

/// <summary>
/// Counts failures, so that guessing ends while people who pair correctly are never slowed. The windows are per portal
/// instance; the misses that burn a session are counted in the database.
/// </summary>
public sealed class PairingLimits(IOptions<PairingOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> failures = PerMinute(options.Value.Limits.FailuresPerAddress);
    private readonly PartitionedRateLimiter<string> shortCodeMissesPerAddress = PerMinute(options.Value.Limits.ShortCodeMissesPerAddress);
    private readonly PartitionedRateLimiter<string> shortCodeMisses = PerMinute(options.Value.Limits.ShortCodeMisses);
    private readonly PartitionedRateLimiter<string> unknownPolls = PerMinute(options.Value.Limits.FailuresPerAddress);
    private readonly PartitionedRateLimiter<string> codes = PerMinute(options.Value.Limits.CodesPerAccount);
    private readonly PartitionedRateLimiter<string> revokedCalls = PerMinute(options.Value.Limits.CallsPerRevokedDevice);

    /// <summary>How long this address has to wait before its failures are answered again; null: they are now.</summary>
    public TimeSpan? ClaimBlockedFor(string? address, bool byShortCode) =>
        byShortCode
            ? WaitFor(shortCodeMissesPerAddress, AddressNetwork.Of(address)) ?? WaitFor(shortCodeMisses, "all")
            : WaitFor(failures, AddressNetwork.Of(address));

    public void CountFailure(string? address, bool byShortCode)
    {
        (byShortCode ? shortCodeMissesPerAddress : failures).AttemptAcquire(AddressNetwork.Of(address)).Dispose();
        if (byShortCode)
        {
            shortCodeMisses.AttemptAcquire("all").Dispose();
        }
    }

    /// <summary>
    /// Counts a poll for a session that does not exist; the time to wait when there were too many. Apart from failed
    /// claims, so that a forgotten device that polls on never keeps its neighbours from pairing.
    /// </summary>
    public TimeSpan? CountUnknownPoll(string? address) => Count(unknownPolls, AddressNetwork.Of(address));

    /// <summary>Counts a new code; the time to wait when the account made too many.</summary>
    public TimeSpan? CountCode(string accountId) => Count(codes, accountId);

    /// <summary>Counts a call with a dead token; the time to wait when its device keeps calling.</summary>
    public TimeSpan? CountRevokedCall(string tokenHash) => Count(revokedCalls, tokenHash);

    public void Dispose()
    {
        failures.Dispose();
        shortCodeMissesPerAddress.Dispose();
        shortCodeMisses.Dispose();
        unknownPolls.Dispose();
        codes.Dispose();
        revokedCalls.Dispose();
    }

    private static PartitionedRateLimiter<string> PerMinute(int permits) =>
        PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window, QueueLimit = 0 }));

    private static TimeSpan? WaitFor(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key, 0);
        return lease.IsAcquired ? null : Wait(lease);
    }

    private static TimeSpan? Count(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : Wait(lease);
    }

    private static TimeSpan Wait(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : Window;
}
