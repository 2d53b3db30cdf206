using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Looks, over a connection of its own, at what a migration's session does: how far an index is built, and who keeps it waiting. What it
/// sees is told in the step. The first look comes before a waiting statement gives up.
/// </summary>
internal sealed class LockWatch(string connectionString, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan FirstBeat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBeat = TimeSpan.FromSeconds(1);

    private const string Query =
        $"""
        SELECT p.phase, p.blocks_done, p.blocks_total, p.tuples_done, p.tuples_total,
               (SELECT string_agg(DISTINCT {MigrationHolders.Words}, ' ')
                FROM pg_locks w JOIN pg_locks h ON h.granted AND h.pid IS DISTINCT FROM w.pid AND h.locktype = w.locktype AND h.database IS NOT DISTINCT FROM w.database
                    AND h.relation IS NOT DISTINCT FROM w.relation AND h.transactionid IS NOT DISTINCT FROM w.transactionid AND h.virtualxid IS NOT DISTINCT FROM w.virtualxid
                    AND h.classid IS NOT DISTINCT FROM w.classid AND h.objid IS NOT DISTINCT FROM w.objid AND h.tuple IS NOT DISTINCT FROM w.tuple AND h.page IS NOT DISTINCT FROM w.page
                LEFT JOIN pg_stat_activity a ON a.pid = h.pid LEFT JOIN pg_prepared_xacts p ON h.pid IS NULL
                    AND EXISTS (SELECT 1 FROM pg_locks x WHERE x.pid IS NULL AND x.locktype = 'transactionid' AND x.transactionid = p.transaction AND x.virtualtransaction = h.virtualtransaction)
                WHERE w.pid = $1 AND NOT w.granted AND (h.pid = ANY (pg_blocking_pids($1)) OR p.gid IS NOT NULL))
        FROM (SELECT 1) one LEFT JOIN pg_stat_progress_create_index p ON p.pid = $1
        """;

    private NpgsqlConnection? connection;

    /// <summary>Who kept the session waiting when it was last looked at; null: nobody was seen.</summary>
    public string? Holder { get; private set; }

    /// <summary>Connects beforehand, since a statement waits no longer than a connection may take to make. Never throws.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            // Without this the migration goes on all the same; it only says less.
        }
    }

    /// <summary>Until cancelled; never throws.</summary>
    public async Task TellAsync(int pid, string what, RunStepProgress step, CancellationToken cancellationToken)
    {
        var (start, beat) = (time.GetTimestamp(), FirstBeat);
        Holder = null;
        try
        {
            while (connection?.State == System.Data.ConnectionState.Open)
            {
                await Task.Delay(beat, time, cancellationToken);
                beat = TimeSpan.FromTicks(Math.Min(LongestBeat.Ticks, beat.Ticks * 2));
                step.Tell($"{what} · {time.GetElapsedTime(start).TotalSeconds:F0} s{await LookAsync(connection, pid, cancellationToken)}");
            }
        }
        catch (OperationCanceledException)
        {
            // The statement ended.
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            // Without this the migration goes on all the same; it only says less.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<string> LookAsync(NpgsqlConnection open, int pid, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, open) { Parameters = { new() { Value = pid } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return "";
        }

        Holder = await reader.IsDBNullAsync(5, cancellationToken) ? Holder : reader.GetString(5);
        var building = await reader.IsDBNullAsync(0, cancellationToken) ? "" : $" · {reader.GetString(0)}{Part(reader, 1) ?? Part(reader, 3)}";
        return await reader.IsDBNullAsync(5, cancellationToken) ? building : $"{building} · waits for {reader.GetString(5)}";
    }

    private static string? Part(NpgsqlDataReader reader, int column)
    {
        var (done, total) = (reader.GetInt64(column), reader.GetInt64(column + 1));
        return total > 0 ? $" {100.0 * done / total:F0} %" : null;
    }
}
