using AdminPortal.Core.Jobs;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Sync.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Sync;

/// <summary>Registers the protocol of devices that work offline, and what explains it.</summary>
internal static class SyncFeature
{
    public static void AddSync(this IServiceCollection services)
    {
        services.AddSingleton<SyncEntities>();
        services.AddSingleton<SyncRegistration>();
        services.AddSingleton<SyncPush>();
        services.AddSingleton<SyncPull>();
        services.AddSingleton<EntityProgress>();
        services.AddSingleton<SyncConflictList>();
        services.AddSingleton<SyncLineage>();
        services.AddSingleton<SyncHeadWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SyncHeadWatch>());
        services.AddSingleton<SyncRecord>();
        services.AddSingleton<SyncPurge>();
        services.AddSingleton<IPortalJob, SyncPurgeJob>();
        services.AddSingleton<SimulatedPeople>();
        services.AddSingleton<SyncSimulation>();
        services.AddSingleton<SyncStatusList>();
        services.AddSingleton<SyncDetails>();
        services.AddSingleton<SyncTraces>();
        services.AddSingleton<ConflictRestoring>();
        services.AddSingleton<SyncActs>();
        services.AddSingleton<SyncConsents>();
        services.AddSingleton<MinimumVersions>();
        services.AddSingleton<SyncThresholdSettings>();
    }
}
