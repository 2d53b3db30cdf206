using Microsoft.Extensions.Hosting;

namespace AdminPortal.Core.Targets;

/// <summary>Migrates the portal's own database before any other service starts: keys and jobs are read from it.</summary>
internal sealed class PortalDatabaseStart(PortalDatabase database, TargetStrings strings) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await strings.CheckPortalAsync(cancellationToken);
        await database.MigrateAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
