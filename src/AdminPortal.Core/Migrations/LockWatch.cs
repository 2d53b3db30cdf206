using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Looks once a second, over a connection of its own, at what a migration's session does: how far an index is built, and who
/// keeps it waiting. What it sees is told in the step.
/// </summary>
internal static class LockWatch
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private const string Query =
        """
        SELECT p.phase, p.blocks_done, p.blocks_total, p.tuples_done, p.tuples_total,
               (SELECT string_agg(format('%s (%s, process %s): %s', coalesce(nullif(b.application_name, ''), 'unnamed program'), b.usename, b.pid, left(regexp_replace(b.query, '\s+', ' ', 'g'), 80)), '; ')
                FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids($1)))
        FROM (SELECT 1) one LEFT JOIN pg_stat_progress_create_index p ON p.pid = $1
        """;

    /// <summary>Until cancelled; never throws.</summary>
    public static async Task TellAsync(string connectionString, int pid, string what, RunStepProgress step, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await Task.Delay(Beat, time, cancellationToken);
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            while (true)
            {
                step.Tell($"{what} · {time.GetElapsedTime(start).TotalSeconds:F0} s{await LookAsync(connection, pid, cancellationToken)}");
                await Task.Delay(Beat, time, cancellationToken);
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

    private static async Task<string> LookAsync(NpgsqlConnection connection, int pid, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection) { Parameters = { new() { Value = pid } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return "";
        }

        var building = await reader.IsDBNullAsync(0, cancellationToken) ? "" : $" · {reader.GetString(0)}{Part(reader, 1) ?? Part(reader, 3)}";
        return await reader.IsDBNullAsync(5, cancellationToken) ? building : $"{building} · waits for {reader.GetString(5)}";
    }

    private static string? Part(NpgsqlDataReader reader, int column)
    {
        var (done, total) = (reader.GetInt64(column), reader.GetInt64(column + 1));
        return total > 0 ? $" {100.0 * done / total:F0} %" : null;
    }
}
