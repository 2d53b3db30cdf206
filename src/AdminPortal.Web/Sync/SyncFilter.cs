using System.Threading.RateLimiting;
using AdminPortal.Core.Devices;
using AdminPortal.Web.Hosting;
using Npgsql;

namespace AdminPortal.Web.Sync;

/// <summary>Keeps the limits of sync, and says what an overworked or unmigrated database means to a device.</summary>
internal sealed class SyncFilter(SyncLimit limit) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (limit.WaitFor(context.HttpContext.Features.Get<DeviceTokenOutcome.Valid>()!.DeviceId) is { } wait)
        {
            return ApiResults.TooMany(wait);
        }

        try
        {
            return await next(context);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName)
        {
            return SyncProblems.NotMigrated;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled)
        {
            return SyncProblems.Busy;
        }
    }
}

/// <summary>How often one device may call, and how many at a time, per portal instance. A loop in an app must not slow its neighbours; a person who syncs by hand never meets it.</summary>
internal sealed class SyncLimit : IDisposable
{
    /// <summary>Enough for 60,000 rows a minute on the way down.</summary>
    public const int PerMinute = 120;

    private readonly PartitionedRateLimiter<string> calls = PartitionedRateLimiter.Create<string, string>(device => RateLimitPartition.GetTokenBucketLimiter(
        device, _ => new TokenBucketRateLimiterOptions { TokenLimit = PerMinute, TokensPerPeriod = PerMinute / 6, ReplenishmentPeriod = TimeSpan.FromSeconds(10), QueueLimit = 0 }));

    /// <summary>Fewer than a pool has connections: however many phones wake up at once, people, pairing and sign-in find one free.</summary>
    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions { PermitLimit = 16, QueueLimit = 1_000, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>Counts a call; how long to wait when there were too many.</summary>
    public TimeSpan? WaitFor(string deviceId)
    {
        using var lease = calls.AttemptAcquire(deviceId);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(10);
    }

    /// <summary>Waits for a turn, from before the device is known until its request is on record. What comes when the queue is full is told to come back.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => turns.AcquireAsync(cancellationToken: cancellationToken);

    public void Dispose()
    {
        calls.Dispose();
        turns.Dispose();
    }
}
