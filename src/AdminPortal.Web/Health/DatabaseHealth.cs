using AdminPortal.Core.Targets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AdminPortal.Web.Health;

/// <summary>Asks one database whether it answers. The message names no host, user or password.</summary>
internal sealed class DatabaseHealth(NpgsqlDataSource dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = dataSource.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception) || exception is OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The database does not answer.");
        }
    }
}
