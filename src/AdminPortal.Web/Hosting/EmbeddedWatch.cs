using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Brings the embedded PostgreSQL back when it dies under the running portal. Pages and devices see an outage of seconds
/// and go on by themselves.
/// </summary>
internal sealed class EmbeddedWatch(EmbeddedPostgres postgres, TimeProvider time, ILogger<EmbeddedWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (await postgres.IsAliveAsync(stoppingToken))
            {
                continue;
            }

            var port = postgres.Port;
            logger.LogWarning("The embedded PostgreSQL is gone. Starting it again.");
            try
            {
                await postgres.StartAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is EmbeddedDatabaseException || TargetAvailability.IsOutage(exception))
            {
                logger.LogError("The embedded PostgreSQL does not start: {Reason}", exception.Message);
                continue;
            }

            if (postgres.Port != port)
            {
                logger.LogError("The embedded PostgreSQL is back on another port, because {Port} was taken. Restart the portal.", port);
            }
        }
    }
}
