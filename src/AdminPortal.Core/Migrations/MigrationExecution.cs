using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Sends one migration to PostgreSQL. Statements that may go into a transaction go into one, together with the line in the
/// history. Nobody waits long behind it: a lock that is not there within 400 ms is given up and tried again later.
/// </summary>
internal sealed class MigrationExecution(NpgsqlConnection connection, string connectionString, TimeProvider time)
{
    private const int Tries = 8;
    private const string TransactionLockTimeout = "400ms";

    /// <summary>CREATE INDEX CONCURRENTLY keeps nobody out while it waits for old transactions.</summary>
    private const string ConcurrentLockTimeout = "10min";

    /// <summary>Under this key an exception carries who held the lock.</summary>
    internal const string HolderKey = "holder";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <param name="closing">The statements that write or remove what is on record of it, in the transaction of its last statements.</param>
    /// <param name="stopping">Cancels the statement that runs, cleanly: its transaction is rolled back.</param>
    public async Task RunAsync(IReadOnlyList<MigrationStatement> statements, IReadOnlyList<string> closing, RunStepProgress step, CancellationToken stopping)
    {
        await using var watch = new LockWatch(connectionString, time);
        await watch.OpenAsync(stopping);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(statements, closing, step, watch, stopping);
                return;
            }
            catch (PostgresException exception) when (attempt == Tries && exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                exception.Data[HolderKey] = watch.Holder;
                throw;
            }
            catch (PostgresException exception) when (attempt < Tries && exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                var pause = Pause(attempt);
                step.Tell($"{(watch.Holder is { } holder ? $"Waited for {holder}" : $"Somebody else holds the lock ({exception.SqlState}).")} Try {attempt + 1} of {Tries} in {pause.TotalSeconds:F0} s.");
                await Task.Delay(pause, time, stopping);
            }
        }
    }

    private static TimeSpan Pause(int attempt)
    {
        var longest = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, attempt - 1)));
        return longest * (0.5 + (Random.Shared.NextDouble() / 2)); // not in step with whoever else tries again
    }

    private async Task TryAsync(IReadOnlyList<MigrationStatement> statements, IReadOnlyList<string> closing, RunStepProgress step, LockWatch watch, CancellationToken stopping)
    {
        NpgsqlTransaction? transaction = null;
        await TargetConnection.PinAsync(connection, stopping); // the one before may have ended in the middle of its own
        try
        {
            for (var i = 0; i < statements.Count; i++)
            {
                var statement = statements[i];
                if (!statement.InTransaction && transaction is not null)
                {
                    await transaction.CommitAsync(stopping);
                    transaction = null;
                }
                else if (statement.InTransaction && transaction is null)
                {
                    transaction = await connection.BeginTransactionAsync(stopping);
                }

                await ExecuteAsync($"SET {(transaction is null ? "" : "LOCAL ")}lock_timeout = '{(transaction is null ? ConcurrentLockTimeout : TransactionLockTimeout)}'", stopping);
                await WatchedAsync(statement.Sql, $"Statement {i + 1} of {statements.Count}", step, watch, stopping);
            }

            transaction ??= await connection.BeginTransactionAsync(stopping);
            foreach (var sql in closing)
            {
                await ExecuteAsync(sql, stopping);
            }

            await transaction.CommitAsync(CancellationToken.None); // asked to stop this late, it is done
            transaction = null;
        }
        finally
        {
            if (transaction is not null && connection.State == System.Data.ConnectionState.Open)
            {
                await transaction.RollbackAsync(CancellationToken.None);
            }
        }
    }

    private async Task WatchedAsync(string sql, string what, RunStepProgress step, LockWatch watch, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = watch.TellAsync(connection.ProcessID, what, step, over.Token);
        try
        {
            await ExecuteAsync(sql, stopping);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private Task ExecuteAsync(string sql, CancellationToken cancellationToken) => TargetHistory.ExecuteAsync(connection, sql, cancellationToken);
}
