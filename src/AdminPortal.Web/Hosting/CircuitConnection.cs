using Microsoft.AspNetCore.Components.Server;

namespace AdminPortal.Web.Hosting;

/// <summary>The WebSocket of an open page.</summary>
internal static class CircuitConnection
{
    /// <summary>
    /// Messages are compressed one by one: a dictionary kept between them costs an idle page 400 KB of native memory (docs/benchmarks.md),
    /// and what an attacker can put into one message is not compressed together with what another one tells.
    /// </summary>
    public static void Configure(ServerComponentsEndpointOptions options) => options.ConfigureWebSocketAcceptContext = (_, socket) =>
    {
        socket.DangerousEnableCompression = true;
        socket.DisableServerContextTakeover = true;
        return Task.CompletedTask;
    };
}
