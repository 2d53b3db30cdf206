using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Has a target's types read again when something else than the portal made them anew, as whoever drops a database and restores it beneath
/// the running portal: until then every query with an enum fails (docs/decisions/0003).
/// </summary>
internal sealed class TargetTypes(DeviceDatabases databases, TimeProvider time, ILogger<TargetTypes> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    private const string Enums = """
        SELECT coalesce(string_agg(t.oid::text, ' ' ORDER BY t.oid), '') FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' AND t.typtype = 'e'
        """;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(databases.Names.Select(name => WatchAsync(name, stoppingToken)));

    private async Task WatchAsync(string target, CancellationToken cancellationToken)
    {
        string? known = null;
        using var timer = new PeriodicTimer(Round, time);
        do
        {
            try
            {
                known = await LookAsync(target, known, cancellationToken);
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                logger.LogDebug("The types of {Target} are looked at again when it is back: {Error}", target, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<string> LookAsync(string target, string? known, CancellationToken cancellationToken)
    {
        await using var command = databases.DataSource(target).CreateCommand(Enums);
        var found = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (known is not null && known != found)
        {
            await databases.ReloadTypesAsync(target, cancellationToken);
            logger.LogInformation("The types of {Target} were made anew, and read again.", target);
        }

        return found;
    }
}
