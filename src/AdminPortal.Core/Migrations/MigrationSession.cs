using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>One connection of the owner's to a target, under both migration locks, for the time of one run.</summary>
internal sealed class MigrationSession : IAsyncDisposable
{
    /// <summary>
    /// A killed portal's statement ends within seconds instead of holding the locks until it is through, which keeps out whoever takes the
    /// run up again. PostgreSQL has it from 14 on, and not on every system.
    /// </summary>
    private const string EndWithTheClient = "DO $$ BEGIN PERFORM set_config('client_connection_check_interval', '2s', false); EXCEPTION WHEN OTHERS THEN NULL; END $$";

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ServerPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ServerPause = TimeSpan.FromSeconds(1);

    private MigrationSession(NpgsqlConnection connection, string connectionString, TargetHistory history) =>
        (Connection, ConnectionString, History) = (connection, connectionString, history);

    public NpgsqlConnection Connection { get; }

    public string ConnectionString { get; }

    /// <summary>As it was once the locks were held.</summary>
    public TargetHistory History { get; }

    public static async Task<MigrationSession> OpenAsync(
        TargetAccess access, string expectedIdentity, RunContext run, RunStepProgress step, TimeProvider time, CancellationToken cancellationToken)
    {
        var connectionString = access.Owner(run.Target).ConnectionString;
        var connection = await ConnectAsync(connectionString, step, time, cancellationToken);
        connection.Notice += (_, notice) => run.Journal.Log($"{notice.Notice.Severity}: {notice.Notice.MessageText}");
        try
        {
            if (await TargetReadiness.ObstacleAsync(connection, cancellationToken) is { } obstacle)
            {
                throw new RunFailedException($"{obstacle} Nothing was changed.");
            }

            await TargetLock.TakeAsync(connection, step, LockPatience, time, cancellationToken);
            var history = await TargetHistory.ReadAsync(connection, cancellationToken);
            if (history.Identity.Key != expectedIdentity)
            {
                throw new RunFailedException("Another database answers than the one that was looked at. Nothing was changed.");
            }

            await TargetHistory.ExecuteAsync(connection, "SET statement_timeout = '1h'; SET client_min_messages = notice", cancellationToken);
            await TargetHistory.ExecuteAsync(connection, EndWithTheClient, cancellationToken);
            return new MigrationSession(connection, connectionString, history);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    /// <summary>A server that was killed in the middle comes back within seconds; one that does not is a failure, and not a run that never ends.</summary>
    private static async Task<NpgsqlConnection> ConnectAsync(string connectionString, RunStepProgress step, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var connection = new NpgsqlConnection(connectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
                await TargetConnection.PinAsync(connection, cancellationToken);
                return connection;
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception))
            {
                await connection.DisposeAsync();
                var reason = TargetAvailability.Describe(exception);
                if (time.GetElapsedTime(start) > ServerPatience)
                {
                    throw new RunFailedException($"{reason} It was tried for {ServerPatience.TotalMinutes:F0} minutes. What was done before stays done.", exception);
                }

                step.Tell($"{reason} Trying again.");
                await Task.Delay(ServerPause, time, cancellationToken);
            }
        }
    }
}
