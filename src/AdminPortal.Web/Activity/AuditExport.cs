using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Monitoring;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace AdminPortal.Web.Activity;

/// <summary>
/// Sends the record to a collector as OTLP logs, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is configured. OpenTelemetry does not say whether the
/// collector took a line: what it refuses or misses is in the portal, and in the file of <c>Audit:File</c>.
/// </summary>
internal sealed class AuditExport(IConfiguration configuration) : IAuditSink, IDisposable
{
    private ILoggerFactory? factory;

    public string? Name => configuration[MetricsExport.EndpointKey] is { Length: > 0 } ? "otlp" : null;

    public Task WriteAsync(IReadOnlyList<AuditLine> lines, CancellationToken cancellationToken)
    {
        factory ??= LoggerFactory.Create(logging =>
        {
            logging.Services.AddSingleton(configuration); // where the exporter looks for its keys
            logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true; // the action, as the body
                logs.SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("adminportal", autoGenerateServiceInstanceId: false, serviceInstanceId: ServerInstance.Id));
                logs.AddOtlpExporter();
            });
        });
        var logger = factory.CreateLogger("AdminPortal.Audit");
        foreach (var line in lines)
        {
            logger.Log(line.Outcome is "ok" or "done" ? LogLevel.Information : LogLevel.Warning, new EventId(0, line.Action), Attributes(line), null, static (state, _) => (string)state[0].Value!);
        }

        return Task.CompletedTask;
    }

    public void Dispose() => factory?.Dispose(); // sends what is left

    private static IReadOnlyList<KeyValuePair<string, object?>> Attributes(AuditLine line) =>
    [
        .. new (string Name, object? Value)[]
        {
            ("audit.action", line.Action), ("audit.record", line.Record), ("audit.id", line.Id), ("audit.at", line.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)), ("audit.outcome", line.Outcome),
            ("audit.actor.id", line.ActorId), ("audit.actor.name", line.ActorName), ("audit.actor.role", line.ActorRole), ("audit.subject", line.Subject), ("audit.user.id", line.UserId),
            ("audit.reason", line.Reason), ("audit.detail", line.Detail), ("client.address", line.Address),
        }.Where(attribute => attribute.Value is not null).Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)),
    ];
}
