using Microsoft.Extensions.Hosting.Systemd;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Leaves signals to <see cref="StopSignals"/>. The framework's own lifetimes, for a console and for systemd, say "stopping" at the signal itself, at
/// which every open page loses its connection: nothing would be left to drain. Tells systemd when the portal is ready and when it stops.
/// </summary>
internal sealed class PortalLifetime(IHostApplicationLifetime life, ISystemdNotifier? systemd = null) : IHostLifetime, IDisposable
{
    private CancellationTokenRegistration started;
    private CancellationTokenRegistration stopping;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        started = life.ApplicationStarted.Register(() => systemd?.Notify(ServiceState.Ready));
        stopping = life.ApplicationStopping.Register(() => systemd?.Notify(ServiceState.Stopping));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        started.Dispose();
        stopping.Dispose();
    }
}
