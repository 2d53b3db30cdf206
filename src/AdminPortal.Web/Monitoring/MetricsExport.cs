using System.Reflection;
using AdminPortal.Core.Monitoring;
using AdminPortal.Web.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AdminPortal.Web.Monitoring;

/// <summary>
/// Sends the portal's, the web server's, Npgsql's and the runtime's measurements to a collector by OTLP, when
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is configured; without it nothing is opened and nothing is sent. The other keys of
/// OpenTelemetry (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>…_HEADERS</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>, …) hold as it defines them.
/// </summary>
internal sealed class MetricsExport(IConfiguration configuration) : IHostedService, IDisposable
{
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters = [PortalMeter.Name, "Microsoft.AspNetCore.Hosting", "Npgsql", "System.Runtime"];
    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration[EndpointKey] is not { Length: > 0 } endpoint)
        {
            return Task.CompletedTask;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new CommandFailedException($"{EndpointKey} is '{endpoint}', which is no address of a collector. Write one such as http://collector:4317, or leave it out.");
        }

        var version = typeof(MetricsExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration)) // where the exporter looks for its keys
            .ConfigureResource(resource => resource.AddService("adminportal", serviceVersion: version, autoGenerateServiceInstanceId: false, serviceInstanceId: ServerInstance.Id))
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose(); // sends what is left
        return Task.CompletedTask;
    }

    public void Dispose() => Interlocked.Exchange(ref provider, null)?.Dispose();
}
