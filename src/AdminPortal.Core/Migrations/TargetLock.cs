using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// At most one migrates a target: the portal's session lock, and Prisma's, which keeps Prisma Migrate out. Both are asked for
/// again and again, never waited for: a session that waits holds a snapshot, and CREATE INDEX CONCURRENTLY would wait for it.
/// </summary>
internal static class TargetLock
{
    /// <summary>The constant that Prisma Migrate locks (its schema engine, "advisory locking").</summary>
    public const long Prisma = 72707369;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Holds both until the connection closes.</summary>
    /// <exception cref="RunFailedException">Somebody else holds one of them for too long.</exception>
    public static async Task TakeAsync(NpgsqlConnection connection, RunStepProgress step, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        foreach (var (key, whose) in new[] { (OwnerMigration.LockKey, "Another migration of a portal"), (Prisma, "Prisma Migrate") })
        {
            while (!await TryAsync(connection, key, cancellationToken))
            {
                var holder = await HolderAsync(connection, key, cancellationToken) ?? "someone who has just gone";
                if (time.GetElapsedTime(start) > patience)
                {
                    throw new RunFailedException($"{whose} works on this database: {holder}. Nothing was changed. Try again when it is done.");
                }

                step.Tell($"Waiting: {whose} works on this database ({holder}).");
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static async Task<bool> TryAsync(NpgsqlConnection connection, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = key } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<string?> HolderAsync(NpgsqlConnection connection, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%s as %s, process %s, since %s UTC', coalesce(nullif(a.application_name, ''), 'unnamed program'), a.usename, a.pid, to_char(a.backend_start, 'HH24:MI:SS'))
                || CASE WHEN a.state = 'idle' AND a.state_change < now() - interval '5 seconds' THEN
                    format('; it does nothing since %s UTC, as a session that a connection pooler kept: end it with SELECT pg_terminate_backend(%s)', to_char(a.state_change, 'HH24:MI:SS'), a.pid) ELSE '' END
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid::bigint = $1 >> 32 AND l.objid::bigint = $1 & 4294967295 AND l.objsubid = 1
            """, connection)
        { Parameters = { new() { Value = key } } };
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
