using AdminPortal.Core.Mail;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminPortal.Web.Mail;

/// <summary>Degraded while mail fails and none goes out; one person's mailbox that refuses is no such thing. Says nothing of a database that is away; another check does.</summary>
internal sealed class MailHealth(MailBoard board) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return (await board.StandingAsync(cancellationToken)).IsFailing ? HealthCheckResult.Degraded("Mail is delayed or was given up; see /mail.") : HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception) || exception is OperationCanceledException)
        {
            return HealthCheckResult.Healthy();
        }
    }
}
