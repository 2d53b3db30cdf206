using AdminPortal.Core.Jobs;
using AdminPortal.Core.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Bulk;

/// <summary>Registers acts on many devices at once.</summary>
internal static class BulkFeature
{
    public static IServiceCollection AddBulk(this IServiceCollection services)
    {
        services.AddSingleton<DeviceSelections>();
        services.AddSingleton<BulkPreviews>();
        services.AddSingleton<BulkActs>();
        services.AddSingleton<IRunWork, BulkWork>();
        services.AddSingleton<IPortalJob, SelectionCleanup>();
        return services;
    }
}
