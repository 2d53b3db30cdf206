using System.Threading.RateLimiting;
using AdminPortal.Core.Sync.Protocol;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AdminPortal.Web.Sync;

/// <summary>
/// How often one device may call, and how many requests are worked on at a time, per portal instance. A loop in an app, a slow line or
/// a row that somebody holds must not slow others; a person who syncs by hand never meets a limit.
/// </summary>
internal sealed class SyncLimit : IDisposable
{
    /// <summary>Calls that bring nothing, or little. Pages of a long reading cost less: they end.</summary>
    public const int PerMinute = 120;

    /// <summary>What a call costs, and what of it is asked for before it is known what the call brings.</summary>
    private const int Full = 100, Entry = 10;

    /// <summary>Rows of a long reading for one part of a call's cost: 100,000 in pages of 200 within a minute.</summary>
    private const int RowsPerPart = 20;

    /// <summary>Bodies that one device may have on their way.</summary>
    public const int BodiesAtATime = 4;

    /// <summary>Requests of one person that are worked on: they wait for the same rows anyway.</summary>
    private const int PerPerson = 4;

    private readonly PartitionedRateLimiter<string> calls = PartitionedRateLimiter.Create<string, string>(device => RateLimitPartition.GetTokenBucketLimiter(
        device, _ => new TokenBucketRateLimiterOptions { TokenLimit = PerMinute * Full, TokensPerPeriod = PerMinute * Full / 6, ReplenishmentPeriod = TimeSpan.FromSeconds(10), QueueLimit = 0 }));

    private readonly PartitionedRateLimiter<string> bodies = PartitionedRateLimiter.Create<string, string>(device => RateLimitPartition.GetConcurrencyLimiter(
        device, _ => new ConcurrencyLimiterOptions { PermitLimit = BodiesAtATime, QueueLimit = 0 }));

    private readonly PartitionedRateLimiter<string> persons = PartitionedRateLimiter.Create<string, string>(person => RateLimitPartition.GetConcurrencyLimiter(
        person, _ => new ConcurrencyLimiterOptions { PermitLimit = PerPerson, QueueLimit = 60, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <summary>Fewer than a pool has connections: however many phones wake up at once, people, pairing and sign-in find one free.</summary>
    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions { PermitLimit = 16, QueueLimit = 1_000, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>Slower bodies are cut. A line of the slowest mobile network carries more.</summary>
    public static MinDataRate Slowest { get; } = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>When a device that has too much on its way may try again.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Counts a call; how long to wait when there were too many.</summary>
    public TimeSpan? WaitFor(string deviceId)
    {
        using var lease = calls.AttemptAcquire(deviceId, Entry);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(10);
    }

    /// <summary>Takes the rest of what an answered call cost, as far as the device has it.</summary>
    public void Charge(string deviceId, SyncAnswer answer)
    {
        var rows = answer.Kind == SyncKind.Pull ? answer.Items / RowsPerPart : 0;
        var cost = answer is { IsSuccess: true, Kind: SyncKind.Pull, HasMore: true, IsStreamed: false } ? Entry + rows : Full + (answer.IsStreamed ? rows : 0);
        var rest = (int)Math.Min(cost - Entry, calls.GetStatistics(deviceId)?.CurrentAvailablePermits ?? 0);
        if (rest > 0)
        {
            calls.AttemptAcquire(deviceId, rest).Dispose();
        }
    }

    /// <summary>Held while a body of the device is on its way; not acquired: it has as many as it may.</summary>
    public RateLimitLease BeginBody(string deviceId) => bodies.AttemptAcquire(deviceId);

    /// <summary>The person's turn if it is free now.</summary>
    public RateLimitLease TryPerson(string userId) => persons.AttemptAcquire(userId);

    /// <summary>Waits for the person's turn.</summary>
    public ValueTask<RateLimitLease> EnterPersonAsync(string userId, CancellationToken cancellationToken) => persons.AcquireAsync(userId, cancellationToken: cancellationToken);

    /// <summary>Waits for a turn. What comes when the queue is full is told to come back.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => turns.AcquireAsync(cancellationToken: cancellationToken);

    public void Dispose()
    {
        calls.Dispose();
        bodies.Dispose();
        persons.Dispose();
        turns.Dispose();
    }
}
