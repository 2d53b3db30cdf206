using Microsoft.Extensions.Hosting;

namespace AdminPortal.Core.Targets;

/// <summary>Refuses to start when the strings of a target lead to different databases, before anything works on either.</summary>
internal sealed class TargetStringsStart(TargetStrings strings) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => strings.CheckAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
