using AdminPortal.Core.Monitoring;
using AdminPortal.Testing;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Monitoring;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Monitoring;

/// <summary>What a collector receives, on a real socket.</summary>
public sealed class MetricsExportTests(PostgresCluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_EndpointConfigured_ACollectorGetsThePortalsAndTheFrameworksFigures()
    {
        await using var collector = await Collector.StartAsync();
        await using var portal = await RunningPortal.StartAsync(cluster, None, kestrel: true, settings: new()
        {
            [MetricsExport.EndpointKey] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        });
        portal.Services.GetRequiredService<PortalMeter>().Completed();
        using var client = new HttpClient { BaseAddress = portal.Address };
        (await client.GetAsync(new Uri("/api/health?probe=secret-of-the-query", UriKind.Relative), None)).Dispose();

        HashSet<string> missing = [PortalMeter.PairingsCompleted, "{pairing}", "http.server.request.duration", "db.client.connection.count", "dotnet.process.memory.working_set", "main (device calls)"];
        var since = TimeProvider.System.GetTimestamp();
        while (missing.Count > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, $"The collector never got {string.Join(", ", missing)}.");
            var text = await collector.NextAsync();
            missing.RemoveWhere(name => text.Contains(name, StringComparison.Ordinal));
            Assert.DoesNotContain("secret-of-the-query", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Password", text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("/v1/metrics", collector.Paths);
    }

    [Fact]
    public async Task Start_NothingConfigured_SendsNothing()
    {
        using var export = new MetricsExport(new ConfigurationBuilder().Build());

        await export.StartAsync(None);
        await export.StopAsync(None);
    }

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("file:///tmp/x")]
    public async Task Start_EndpointIsNoAddress_NamesTheKey(string endpoint)
    {
        using var export = new MetricsExport(new ConfigurationBuilder().AddInMemoryCollection([new(MetricsExport.EndpointKey, endpoint)]).Build());

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => export.StartAsync(None));
        Assert.Contains(MetricsExport.EndpointKey, failure.Message, StringComparison.Ordinal);
    }
}
