using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Health;

/// <summary>How the portal and its databases are.</summary>
/// <param name="Status">healthy; degraded: a target besides the primary is down, or mail fails and none goes out; unhealthy: the portal's database or the primary is.</param>
/// <param name="MinAppVersion">For an app that says its version: the oldest that may sync; absent: all may.</param>
/// <param name="LatestAppVersion">For such an app: the newest that there is; absent: the portal does not know.</param>
/// <param name="ForceUpdate">For such an app: it is older than <paramref name="MinAppVersion"/>.</param>
internal sealed record HealthAnswer(
    [property: AllowedValues("healthy", "degraded", "unhealthy")] string Status, string Version, IReadOnlyDictionary<string, string> Checks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? MinAppVersion = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LatestAppVersion = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? ForceUpdate = null);

/// <summary><c>GET /api/health</c>, for load balancers, people and apps.</summary>
internal static class HealthEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly string Version =
        typeof(HealthEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static void AddPortalHealth(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<PortalOptions>>((health, portal) =>
        {
            health.Registrations.Add(new HealthCheckRegistration(
                "portal-database", provider => new DatabaseHealth(provider.GetRequiredService<PortalDatabase>().DataSource), HealthStatus.Unhealthy, null, Patience));
            health.Registrations.Add(new HealthCheckRegistration("mail", provider => new MailHealth(provider.GetRequiredService<MailBoard>()), HealthStatus.Degraded, null, Patience));
            foreach (var (name, _) in portal.Value.Targets)
            {
                var whenDown = name == portal.Value.PrimaryTarget ? HealthStatus.Unhealthy : HealthStatus.Degraded;
                health.Registrations.Add(new HealthCheckRegistration(
                    $"target-{name}", provider => new DatabaseHealth(provider.GetRequiredService<DeviceDatabases>().DataSource(name)), whenDown, null, Patience));
            }
        });
    }

    public static void MapHealth(this IEndpointRouteBuilder api) =>
        api.MapGet("/health", AnswerAsync).AllowAnonymous().WithTags("Health").WithName("getHealth").WithSummary("See how the portal and its databases are")
            .WithDescription("503 when the portal's database or the primary target is down; 200 with \"degraded\" when another target is, or when mail fails and none goes out. An app that sends its version in X-App-Version also hears minAppVersion, latestAppVersion and forceUpdate.")
            .Produces<ApiEnvelope<HealthAnswer>>().Produces<ApiEnvelope<HealthAnswer>>(503)
            .WithMetadata(
                new ApiExample(null, """{"success":true,"data":{"status":"healthy","version":"1.0.0","checks":{"portal-database":"healthy","mail":"healthy","target-main":"healthy"}}}"""),
                new ApiExample(null, """{"success":false,"data":{"status":"unhealthy","version":"1.0.0","checks":{"portal-database":"healthy","mail":"healthy","target-main":"unhealthy"}}}""", 503));

    private static async Task<IResult> AnswerAsync(
        HealthCheckService health, MinimumVersions minimums, IOptions<PortalOptions> portal, [FromHeader(Name = "X-App-Version")] string? appVersion, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var answer = new HealthAnswer(Word(report.Status), Version, report.Entries.ToDictionary(e => e.Key, e => Word(e.Value.Status)));
        if (!string.IsNullOrWhiteSpace(appVersion))
        {
            var (minimum, isBelow) = await minimums.AskAsync(appVersion, cancellationToken);
            answer = answer with { MinAppVersion = minimum, LatestAppVersion = portal.Value.LatestAppVersion, ForceUpdate = isBelow };
        }

        return report.Status == HealthStatus.Unhealthy
            ? TypedResults.Json(new ApiEnvelope<HealthAnswer>(false, answer), statusCode: StatusCodes.Status503ServiceUnavailable)
            : ApiResults.Ok(answer);
    }

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
