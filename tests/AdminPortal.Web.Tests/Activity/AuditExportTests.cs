using AdminPortal.Core.Activity;
using AdminPortal.Web.Activity;
using AdminPortal.Web.Monitoring;
using AdminPortal.Web.Tests.Monitoring;
using Microsoft.Extensions.Configuration;

namespace AdminPortal.Web.Tests.Activity;

/// <summary>The record as a collector receives it, on a real socket.</summary>
public sealed class AuditExportTests
{
    [Fact]
    public async Task Write_EndpointConfigured_ACollectorGetsTheLinesAsLogs()
    {
        await using var collector = await Collector.StartAsync();
        using (var export = new AuditExport(Configuration((MetricsExport.EndpointKey, collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"))))
        {
            await export.WriteAsync([Line(7, "account.disabled", "ok"), Line(8, "request.refused", "refused")], TestContext.Current.CancellationToken);
        }

        var received = await collector.NextAsync();
        Assert.Equal(["/v1/logs"], collector.Paths);
        Assert.All(
            new[] { "adminportal", "account.disabled", "request.refused", "audit.actor.name", "The admin", "client.address", "192.0.2.1", "2026-11-30T12:00:00", "Information", "Warning" },
            expected => Assert.Contains(expected, received, StringComparison.Ordinal));
    }

    [Fact]
    public void Name_NothingConfigured_IsNone()
    {
        using var export = new AuditExport(Configuration());

        Assert.Null(export.Name);
    }

    private static AuditLine Line(long id, string action, string outcome) =>
        new("portal", id, new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero), action, outcome, "admin", "The admin", "Admin", "someone", null, null, null, "192.0.2.1");

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
