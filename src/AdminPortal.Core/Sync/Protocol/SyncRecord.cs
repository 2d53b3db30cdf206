using System.Collections.Concurrent;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// Keeps one row for every answered sync request, and how the device stands after it. Outside the transaction of the data, so that
/// failures are kept too; while the database is away the last ones wait in memory.
/// </summary>
public sealed partial class SyncRecord(DeviceDatabases databases, SyncEntities entities, ILogger<SyncRecord> logger)
{
    /// <summary>What waits at most: some minutes of a small installation.</summary>
    private const int Waiting = 1_000;

    private const string AddRequest = """
        INSERT INTO sync.requests ("userId", "deviceId", kind, status, problem, "traceId", milliseconds, items, applied, conflicts, rejected, head, "appVersion", at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, (SELECT "appVersion" FROM public.devices WHERE "deviceId" = $2), now() - make_interval(secs => $13))
        """;

    private const string SetState = """
        INSERT INTO sync.device_state AS s ("deviceId", "userId", "lastAttemptAt", "lastSuccessAt", "lastPushAt", "sentVersion", "acknowledgedVersion", "caughtUpAt", pending, "oldestPendingAt",
            "consecutiveFailures", "consecutiveRefusals", "lastProblem", "lastTraceId", "clockSkewSeconds", "fullReadAt", report)
        VALUES ($2, $1, now(), CASE WHEN $3 THEN now() END, CASE WHEN $3 AND $4 THEN now() END, coalesce($5, 0), coalesce($6, 0), CASE WHEN $7 THEN now() END, $8, $9,
            CASE WHEN $3 THEN 0 ELSE 1 END, CASE WHEN $10 THEN 1 ELSE 0 END, $11, $12, $13, CASE WHEN $14 THEN now() END, $15::jsonb)
        ON CONFLICT ("deviceId") DO UPDATE SET "lastAttemptAt" = excluded."lastAttemptAt",
            "lastSuccessAt" = coalesce(excluded."lastSuccessAt", s."lastSuccessAt"),
            "lastPushAt" = coalesce(excluded."lastPushAt", s."lastPushAt"),
            "sentVersion" = coalesce($5, s."sentVersion"),
            "acknowledgedVersion" = coalesce($6, s."acknowledgedVersion"),
            "caughtUpAt" = coalesce(excluded."caughtUpAt", s."caughtUpAt"),
            pending = coalesce($8, s.pending),
            "oldestPendingAt" = CASE WHEN $8 IS NULL THEN s."oldestPendingAt" ELSE $9 END,
            "attemptsWithoutDrop" = CASE WHEN $8 IS NULL THEN s."attemptsWithoutDrop" WHEN $8 = 0 OR s.pending IS NULL OR $8 < s.pending THEN 0 ELSE s."attemptsWithoutDrop" + 1 END,
            "consecutiveFailures" = CASE WHEN $3 THEN 0 ELSE s."consecutiveFailures" + 1 END,
            "consecutiveRefusals" = CASE WHEN $10 THEN s."consecutiveRefusals" + 1 ELSE 0 END,
            "lastProblem" = CASE WHEN $3 THEN s."lastProblem" ELSE $11 END,
            "lastTraceId" = CASE WHEN $3 THEN s."lastTraceId" ELSE $12 END,
            "clockSkewSeconds" = coalesce($13, s."clockSkewSeconds"),
            "fullReadAt" = coalesce(excluded."fullReadAt", s."fullReadAt"),
            "resyncRequestedAt" = CASE WHEN $14 THEN NULL ELSE s."resyncRequestedAt" END,
            report = coalesce(excluded.report, s.report)
        WHERE s."userId" = $1
        """;

    /// <summary>Set when the device had everything while it reported nothing to be waiting, and by nothing weaker.</summary>
    private const string SetSynced = """
        UPDATE portal.users u SET "lastSyncedAt" = now() AT TIME ZONE 'utc' FROM sync.device_state s
        WHERE $2 AND u.id = $1 AND s."deviceId" = $3 AND s."userId" = u.id AND s.pending = 0
        """;

    /// <summary>The same where people are a host's, whose table has no column for it.</summary>
    private const string SetSyncedBeside = """
        INSERT INTO portal.people_synced AS p ("userId", at)
        SELECT $1, now() AT TIME ZONE 'utc' FROM sync.device_state s WHERE $2 AND s."deviceId" = $3 AND s."userId" = $1 AND s.pending = 0
        ON CONFLICT ("userId") DO UPDATE SET at = excluded.at
        """;

    private readonly ConcurrentQueue<(SyncCaller Caller, SyncAnswer Answer, DateTimeOffset At)> waiting = new();

    /// <summary>Never fails a request that was answered.</summary>
    public async Task AddAsync(SyncCaller caller, SyncAnswer answer, TimeProvider time, CancellationToken cancellationToken)
    {
        waiting.Enqueue((caller, answer, time.GetUtcNow()));
        while (waiting.Count > Waiting)
        {
            waiting.TryDequeue(out _);
        }

        try
        {
            while (waiting.TryDequeue(out var next))
            {
                try
                {
                    await WriteAsync(next.Caller, next.Answer, next.At, time.GetUtcNow() - next.At, cancellationToken);
                }
                catch (Exception e) when (e is not PostgresException { IsTransient: false })
                {
                    waiting.Enqueue(next);
                    throw;
                }
            }
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            LogKept(logger, waiting.Count, e.GetType().Name);
        }
    }

    private async Task WriteAsync(SyncCaller caller, SyncAnswer answer, DateTimeOffset at, TimeSpan age, CancellationToken cancellationToken)
    {
        var pending = answer.Outbox is { } outbox
            ? (int)Math.Min(int.MaxValue, (long)outbox.Pending + (answer.IsSuccess || answer.Kind != SyncKind.Push ? 0 : answer.Items))
            : (int?)null;
        var oldest = DeviceClock.Moment(answer.Outbox?.OldestPendingAt, answer.ClockSkew, at);
        await using var batch = databases.KeyedDataSource.CreateBatch();
        batch.Add(
            AddRequest, SyncSql.P(caller.UserId), SyncSql.P(caller.DeviceId), SyncSql.P(Word(answer.Kind)), SyncSql.P((short)answer.Status), SyncSql.P(answer.Problem),
            SyncSql.P(answer.TraceId), SyncSql.P((int)answer.Took.TotalMilliseconds), SyncSql.P(answer.Items), SyncSql.P(answer.Applied), SyncSql.P(answer.Conflicts),
            SyncSql.P(answer.Rejected), SyncSql.P(answer.Head), SyncSql.P(age.TotalSeconds));
        batch.Add(
            SetState, SyncSql.P(caller.UserId), SyncSql.P(caller.DeviceId), SyncSql.P(answer.IsSuccess), SyncSql.P(answer.Kind == SyncKind.Push), SyncSql.P(answer.Sent),
            SyncSql.P(answer.FromNothing ? 0 : answer.Acknowledged), SyncSql.P(answer.IsCaughtUp), SyncSql.P(pending), SyncSql.P(oldest),
            SyncSql.P(answer.Status is 401 or 403), SyncSql.P(answer.Problem), SyncSql.P(answer.TraceId), SyncSql.P(DeviceClock.Seconds(answer.ClockSkew)),
            SyncSql.P(answer is { FromNothing: true, IsSuccess: true }), SyncSql.P(answer.Report));
        batch.Add((await entities.GetAsync(cancellationToken)).IsDeclared ? SetSyncedBeside : SetSynced, SyncSql.P(caller.UserId), SyncSql.P(answer.IsCaughtUp), SyncSql.P(caller.DeviceId));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Word(SyncKind kind) => kind.ToString().ToLowerInvariant();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The record of a sync request could not be written ({Problem}); {Count} wait in memory.")]
    private static partial void LogKept(ILogger logger, int count, string problem);
}
