using Microsoft.AspNetCore.Components.Server;

namespace AdminPortal.Web.Hosting;

/// <summary>The WebSocket of an open page.</summary>
internal static class CircuitConnection
{
    /// <summary>
    /// Messages are compressed one by one: a dictionary kept between them costs a page that rests
    /// 260 KB of native memory (docs/benchmarks.md). The policy of frames that the framework would set here stands on every answer already.
    /// </summary>
    public static void Configure(ServerComponentsEndpointOptions options) => options.ConfigureWebSocketAcceptContext = (_, socket) =>
    {
        socket.DangerousEnableCompression = true;
        socket.DisableServerContextTakeover = true;
        return Task.CompletedTask;
    };
}
