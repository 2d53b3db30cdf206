using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What a purge removed.</summary>
/// <param name="Leftovers">Of tables that were emptied.</param>
public sealed record SyncPurged(long Tombstones, long Operations, long Requests, long Leftovers = 0);

/// <summary>
/// Forgets what no device needs any more, in small transactions. A device that was away for longer than its tombstones is told to
/// read everything again, so nothing that was deleted comes back.
/// </summary>
public sealed class SyncPurge(DeviceDatabases databases, SyncEntities declared)
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

    private const string OfTheGuides = """
        NOT EXISTS (SELECT FROM public.tasks t WHERE c.entity = 'task' AND t.id = c."entityId") AND NOT EXISTS (SELECT FROM public.focus_sessions f WHERE c.entity = 'focusSession' AND f.id = c."entityId")
        """;

    private const string OfTheHost = """NOT EXISTS (SELECT FROM portal.sync_rows r WHERE r.entity = c.entity AND r.id = c."entityId")""";

    /// <param name="isGone">Of a row <c>c</c>.</param>
    private static string LeftPeople(string isGone) => $"""
        SELECT DISTINCT c."userId" FROM sync.changes c
        WHERE NOT c.deleted AND (SELECT "emptiedAt" FROM sync.meta) IS NOT NULL AND {isGone}
        ORDER BY 1
        """;

    /// <summary>After every mark has its version, a row that is not there and has no tombstone was in a table that was emptied. No device has it: its epoch is over.</summary>
    private static string Leftovers(string isGone) => $"""
        DELETE FROM sync.changes c
        WHERE c."userId" = $1 AND NOT c.deleted AND NOT EXISTS (SELECT FROM sync.dirty d WHERE d."userId" = $1 AND d."entityId" = c."entityId") AND {isGone}
        """;

    private const string Stamps = """DELETE FROM sync.stamps WHERE ctid = ANY (ARRAY(SELECT ctid FROM sync.stamps WHERE at < now() - make_interval(days => $1) LIMIT $2))""";

    private const string Operations = """DELETE FROM sync.ops WHERE ctid = ANY (ARRAY(SELECT ctid FROM sync.ops WHERE at < now() - make_interval(days => $1) LIMIT $2))""";

    private const string Requests = """DELETE FROM sync.requests WHERE ctid = ANY (ARRAY(SELECT ctid FROM sync.requests WHERE at < now() - make_interval(days => $1) LIMIT $2))""";

    /// <param name="tombstoneDays">Other than <see cref="TombstoneDays"/> in tests only.</param>
    public async Task<SyncPurged> RunAsync(CancellationToken cancellationToken, int tombstoneDays = TombstoneDays)
    {
        if (!await SyncModule.IsOnAsync(databases, cancellationToken))
        {
            return new SyncPurged(0, 0, 0);
        }

        long tombstones = 0;
        foreach (var person in await PeopleAsync(People, cancellationToken, SyncSql.P(tombstoneDays)))
        {
            await using var command = databases.PrimaryDataSource.CreateCommand(Tombstones);
            command.Parameters.AddRange((NpgsqlParameter[])[SyncSql.P(person), SyncSql.P(tombstoneDays)]);
            tombstones += (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        var leftovers = await ForgetLeftoversAsync(cancellationToken);
        await DeleteAsync(Stamps, OperationDays, cancellationToken);
        return new SyncPurged(tombstones, await DeleteAsync(Operations, OperationDays, cancellationToken), await DeleteAsync(Requests, RequestDays, cancellationToken), leftovers);
    }

    /// <summary>Looks at everything that has a version, and only after a table was emptied.</summary>
    private async Task<long> ForgetLeftoversAsync(CancellationToken cancellationToken)
    {
        await using var emptied = databases.PrimaryDataSource.CreateCommand("""SELECT "emptiedAt" FROM sync.meta""");
        if (await emptied.ExecuteScalarAsync(cancellationToken) is not DateTime at)
        {
            return 0;
        }

        long leftovers = 0;
        var isGone = (await declared.RefreshAsync(cancellationToken)).IsDeclared ? OfTheHost : OfTheGuides;
        foreach (var person in await PeopleAsync(LeftPeople(isGone), cancellationToken))
        {
            await using var batch = databases.PrimaryDataSource.CreateBatch(); // one transaction, which holds the head until the end
            batch.Add("SELECT head FROM sync.stamp($1)", SyncSql.P(person));
            batch.Add(Leftovers(isGone), SyncSql.P(person));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            leftovers += (long)batch.BatchCommands[1].RecordsAffected;
        }

        await using var done = databases.PrimaryDataSource.CreateCommand("""UPDATE sync.meta SET "emptiedAt" = NULL WHERE "emptiedAt" = $1""");
        done.Parameters.Add(SyncSql.P(at));
        await done.ExecuteNonQueryAsync(cancellationToken);
        return leftovers;
    }

    private async Task<List<string>> PeopleAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = databases.PrimaryDataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
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
