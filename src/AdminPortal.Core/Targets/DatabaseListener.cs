using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Holds one connection that LISTENs on a channel and passes on what it hears. After a lost connection it comes back by
/// itself and says so, since NOTIFY keeps nothing for the absent.
/// </summary>
/// <param name="heard">Gets each payload; null: something may have been missed, so everything is to be read again.</param>
internal sealed class DatabaseListener(NpgsqlDataSource source, string channel, Action<string?> heard, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(4);

    /// <summary>In seconds: a server that hangs answers nothing and closes nothing.</summary>
    private const int Patience = 3;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        long? away = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, notification) => heard(notification.Payload);
                await ExecuteAsync(connection, $"LISTEN {channel}", cancellationToken);
                heard(null);
                if (away is { } since)
                {
                    logger.LogInformation("Live changes on {Channel} are back after {Seconds:0.0} s.", channel, time.GetElapsedTime(since).TotalSeconds);
                }

                (pause, away) = (FirstPause, null);
                await WaitAsync(connection, cancellationToken);
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception))
            {
                if (away is null)
                {
                    away = time.GetTimestamp();
                    logger.LogWarning("Live changes on {Channel} are paused until the database is back: {Error}", channel, exception.Message);
                }

                await Task.Delay(pause, time, cancellationToken);
                pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, pause.TotalSeconds * 2));
            }
        }
    }

    /// <summary>A query every few seconds finds a connection that died without a word, and a server that hangs.</summary>
    private static async Task WaitAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await connection.WaitAsync(ProbeEvery, cancellationToken))
            {
                await ExecuteAsync(connection, "SELECT 1", cancellationToken);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Patience };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
