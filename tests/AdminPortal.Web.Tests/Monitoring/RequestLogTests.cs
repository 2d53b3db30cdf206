using System.Collections.Concurrent;
using AdminPortal.Testing;
using AdminPortal.Web.Monitoring;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Web.Tests.Monitoring;

/// <summary>One line for each request, with its fields, and nothing secret in it.</summary>
public sealed class RequestLogTests(PostgresCluster cluster)
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_EachIsOneLineWithItsFieldsAndNoSecret()
    {
        using var lines = new Lines();
        await using var portal = await RunningPortal.StartAsync(cluster, None, publicUrl: "http://portal.example.org", settings: new() { [$"Logging:LogLevel:{RequestLog.Category}"] = "Debug" }, kestrel: true, withFailingPage: true);
        portal.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = portal.Address };
        using var trace = new HttpRequestMessage(HttpMethod.Get, "/sign-in?returnUrl=secret-in-the-query");
        trace.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        trace.Headers.Add("Authorization", "Bearer secret-in-a-header");

        (await client.SendAsync(trace, None)).Dispose();
        foreach (var address in new[] { "/secret-in-a-path", "/api/secret-in-a-path", RunningPortal.FailingPage, "/api/health" })
            (await client.GetAsync(new Uri(address, UriKind.Relative), None)).Dispose();

        Assert.Equal(
            [
                (LogLevel.Information, "GET /sign-in 200"), (LogLevel.Information, "GET /… 302"), (LogLevel.Information, "GET /api/… 401"),
                (LogLevel.Warning, $"GET {RunningPortal.FailingPage} 500"), (LogLevel.Debug, "GET /api/health 200"),
            ],
            lines.Written.Select(l => (l.Level, $"{l.Fields["Method"]} {l.Fields["Path"]} {l.Fields["Status"]}")));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", lines.Written.First().Fields["TraceId"]);
        Assert.All(lines.Written, line => Assert.True(line.Fields["Milliseconds"] is >= 0.0 and < 60_000.0));
        Assert.DoesNotContain(lines.Written, line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    private sealed record Line(LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields);

    /// <summary>The lines of the category, whatever their level.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<Line> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => categoryName == RequestLog.Category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(new Line(logLevel, formatter(state, exception), ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(f => f.Key, f => f.Value)));

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
