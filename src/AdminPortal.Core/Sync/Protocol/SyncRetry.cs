using Npgsql;
using Polly;
using Polly.Retry;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Deadlocks and serialisation failures with writers that the portal does not know are tried again: five tries, with jitter.</summary>
internal static class SyncRetry
{
    public static ResiliencePipeline Pipeline { get; } = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PostgresException>(e => e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure),
            MaxRetryAttempts = 4,
            Delay = TimeSpan.FromMilliseconds(50),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();
}
