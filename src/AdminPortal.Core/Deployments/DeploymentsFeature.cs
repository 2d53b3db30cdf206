using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Deployments;

/// <summary>Registers the checklist of deployments and what fills it.</summary>
internal static class DeploymentsFeature
{
    public static IServiceCollection AddDeployments(this IServiceCollection services)
    {
        services.AddSingleton<DeploymentReader>();
        services.AddSingleton(provider => new DeploymentChecklists(
            provider.GetRequiredService<DeploymentReader>(), provider.GetRequiredService<IDbContextFactory<PortalDbContext>>()));
        services.AddSingleton(provider => new DeploymentReports(
            provider.GetRequiredService<DeploymentReader>(), provider.GetRequiredService<IDbContextFactory<PortalDbContext>>()));
        services.AddSingleton(provider => new ReleaseLanes(
            provider.GetRequiredService<TargetList>(), provider.GetRequiredService<DeploymentReader>(), provider.GetRequiredService<MigrationPreviews>()));
        return services;
    }
}
