using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Web.Tests.Monitoring;

/// <summary>Receives OTLP over HTTP and keeps its text: names stand in it as they are.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    private readonly WebApplication _app;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Paths.Enqueue(context.Request.Path.ToString());
            context.Response.ContentType = "application/x-protobuf";
            _received.Writer.TryWrite(Encoding.Latin1.GetString(body.ToArray()));
        });
    }

    public string Address => _app.Urls.First();

    /// <summary>Where something came to.</summary>
    public ConcurrentQueue<string> Paths { get; } = [];

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync(None);
        return collector;
    }

    public async Task<string> NextAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(None);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        return await _received.Reader.ReadAsync(timeout.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
