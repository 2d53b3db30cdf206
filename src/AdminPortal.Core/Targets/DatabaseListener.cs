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
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, notification) => heard(notification.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                }

                heard(null);
                pause = FirstPause;
                await WaitAsync(connection, cancellationToken);
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception))
            {
                logger.LogWarning("Live changes on {Channel} are paused: the database is away ({Error}). Next try in {Pause}.", channel, exception.Message, pause);
                await Task.Delay(pause, time, cancellationToken);
                pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, pause.TotalSeconds * 2));
            }
        }
    }

    /// <summary>A query every 15 s finds a connection that died without a word.</summary>
    private static async Task WaitAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await connection.WaitAsync(TimeSpan.FromSeconds(15), cancellationToken))
            {
                await using var probe = new NpgsqlCommand("SELECT 1", connection);
                await probe.ExecuteScalarAsync(cancellationToken);
            }
        }
    }
}
