using System.Threading.Channels;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Pairing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>The background services that carry notices, as one portal process runs them.</summary>
internal sealed class NoticeHost : IAsyncDisposable
{
    private readonly Channel<string?> heard = Channel.CreateUnbounded<string?>();
    private readonly PortalDatabase portal;
    private readonly List<BackgroundService> services = [];

    private NoticeHost(string portalConnection) =>
        portal = new PortalDatabase(Options.Create(new PortalConnections { Portal = portalConnection }), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<NoticeHost> StartAsync(PairingWorld world, string portalConnection, bool dispatches = true)
    {
        var host = new NoticeHost(portalConnection);
        var devices = new DeviceChanges(NullLogger<DeviceChanges>.Instance);
        var notices = new NoticeChanges(NullLogger<NoticeChanges>.Instance);
        notices.Subscribe(accountId => host.heard.Writer.TryWrite(accountId));
        host.services.Add(new NoticeChangeListener(host.portal, notices, TimeProvider.System, NullLogger<NoticeChangeListener>.Instance));
        host.services.Add(new DeviceChangeListener(world.Databases, devices, TimeProvider.System, NullLogger<DeviceChangeListener>.Instance));
        if (dispatches)
        {
            host.services.Add(new NoticeDispatcher(NoticesTest.NewDispatch(world), devices, TimeProvider.System, NullLogger<NoticeDispatcher>.Instance));
        }

        foreach (var service in host.services)
            await service.StartAsync(Token);
        Assert.Null(await host.NextAsync()); // it listens
        return host;
    }

    public async Task HearsOfAsync(string accountId)
    {
        while (await NextAsync() != accountId)
        {
            // Of somebody else, or of everyone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }

        await portal.DisposeAsync();
    }

    private async Task<string?> NextAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(10));
        return await heard.Reader.ReadAsync(timeout.Token);
    }
}
