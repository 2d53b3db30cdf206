using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What a purge removed.</summary>
public sealed record SyncPurged(long Tombstones, long Operations, long Requests);

/// <summary>
/// Forgets what no device needs any more, in small transactions. A device that was away for longer than its tombstones is told to
/// read everything again, so nothing that was deleted comes back.
/// </summary>
public sealed class SyncPurge(DeviceDatabases databases)
{
    /// <summary>From sync.md.</summary>
    public const int TombstoneDays = 90;

    /// <summary>Twice the life of tombstones: a client that repeats an operation after that has long been told to start over.</summary>
    public const int OperationDays = 180;

    /// <summary>What support looks at; at 50 requests a day and device some 1,500 rows each.</summary>
    public const int RequestDays = 30;

    private const int Batch = 5_000;

    private const string People = """SELECT DISTINCT "userId" FROM sync.changes WHERE deleted AND "changedAt" < now() - make_interval(days => $1) ORDER BY 1""";

    private const string Tombstones = """
        WITH held AS MATERIALIZED (
            SELECT 1 FROM sync.heads WHERE "userId" = $1 FOR UPDATE
        ), gone AS (
            DELETE FROM sync.changes WHERE "userId" = $1 AND deleted AND "changedAt" < now() - make_interval(days => $2) AND EXISTS (SELECT FROM held) RETURNING version
        ), raised AS (
            UPDATE sync.heads SET "purgeFloor" = greatest("purgeFloor", (SELECT max(version) FROM gone)) WHERE "userId" = $1 AND EXISTS (SELECT FROM gone)
        )
        SELECT count(*) FROM gone
        """;

    private const string Operations = """DELETE FROM sync.ops WHERE ctid = ANY (ARRAY(SELECT ctid FROM sync.ops WHERE at < now() - make_interval(days => $1) LIMIT $2))""";

    private const string Requests = """DELETE FROM sync.requests WHERE ctid = ANY (ARRAY(SELECT ctid FROM sync.requests WHERE at < now() - make_interval(days => $1) LIMIT $2))""";

    /// <param name="tombstoneDays">Other than <see cref="TombstoneDays"/> in tests only.</param>
    public async Task<SyncPurged> RunAsync(CancellationToken cancellationToken, int tombstoneDays = TombstoneDays)
    {
        long tombstones = 0;
        foreach (var person in await PeopleAsync(tombstoneDays, cancellationToken))
        {
            await using var command = databases.PrimaryDataSource.CreateCommand(Tombstones);
            command.Parameters.AddRange((NpgsqlParameter[])[SyncSql.P(person), SyncSql.P(tombstoneDays)]);
            tombstones += (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        return new SyncPurged(tombstones, await DeleteAsync(Operations, OperationDays, cancellationToken), await DeleteAsync(Requests, RequestDays, cancellationToken));
    }

    private async Task<List<string>> PeopleAsync(int days, CancellationToken cancellationToken)
    {
        await using var command = databases.PrimaryDataSource.CreateCommand(People);
        command.Parameters.Add(SyncSql.P(days));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var people = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            people.Add(reader.GetString(0));
        }

        return people;
    }

    private async Task<long> DeleteAsync(string sql, int days, CancellationToken cancellationToken)
    {
        long all = 0;
        int removed;
        do
        {
            await using var command = databases.PrimaryDataSource.CreateCommand(sql);
            command.Parameters.AddRange((NpgsqlParameter[])[SyncSql.P(days), SyncSql.P(Batch)]);
            removed = await command.ExecuteNonQueryAsync(cancellationToken);
            all += removed;
        }
        while (removed == Batch);
        return all;
    }
}
