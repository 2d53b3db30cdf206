using AdminPortal.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Housekeeping;

/// <summary>Registers what keeps the databases small.</summary>
internal static class HousekeepingFeature
{
    public static IServiceCollection AddHousekeeping(this IServiceCollection services)
    {
        services.AddOptions<HousekeepingOptions>().BindConfiguration(HousekeepingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ExpiredPairings>();
        services.AddSingleton<IPortalJob, ExpiredPairingsJob>();
        services.AddSingleton<IPortalJob, NoticeCleanup>();
        services.AddSingleton<IPortalJob, SessionCleanup>();
        services.AddHostedService<PairingCleanup>();
        return services;
    }
}
