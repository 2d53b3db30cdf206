using AdminPortal.Core.Activity;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Migrations;

/// <summary>Registers what brings managed databases from one release to the next.</summary>
internal static class MigrationsFeature
{
    public static IServiceCollection AddMigrations(this IServiceCollection services)
    {
        services.AddSingleton<MigrationScripts>();
        services.AddSingleton<HostMappings>();
        services.AddSingleton<HostLooks>();
        services.AddSingleton<MigrationStatuses>();
        services.AddSingleton<MigrationGates>();
        services.AddSingleton<MigrationPreviews>();
        services.AddSingleton<MigrationApprovals>();
        services.AddSingleton<MigrationLosses>();
        services.AddSingleton<MigrationRuns>();
        services.AddSingleton<MigrationJournal>();
        services.AddSingleton<MigrationSafety>();
        services.AddSingleton(provider => new MigrationResolution(
            provider.GetRequiredService<TargetAccess>(), provider.GetRequiredService<HostMappings>(), provider.GetRequiredService<MigrationJournal>(),
            provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRunWork, MigrationWork>();
        services.AddSingleton<IRunWork, AdoptionWork>();
        return services;
    }
}
