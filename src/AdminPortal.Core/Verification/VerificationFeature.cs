using AdminPortal.Core.Hosts;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Verification;

/// <summary>Registers the verification of managed databases.</summary>
internal static class VerificationFeature
{
    public static IServiceCollection AddVerification(this IServiceCollection services)
    {
        services.AddSingleton<EndpointProbe>();
        services.AddSingleton<VerificationChecks>();
        services.AddSingleton(provider => new Verifications(
            provider.GetRequiredService<TargetAccess>(), provider.GetRequiredService<KnownTargets>(), provider.GetRequiredService<HostMappings>(), provider.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
            provider.GetRequiredService<IOptions<PortalOptions>>(), provider.GetRequiredService<VerificationChecks>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new VerificationRuns(
            provider.GetRequiredService<OperationRuns>(), provider.GetRequiredService<TargetAccess>(), provider.GetRequiredService<Verifications>()));
        services.AddSingleton<VerificationBoard>();
        services.AddSingleton<ClientIdDuplicates>();
        services.AddSingleton<IRunWork, VerificationWork>();
        services.AddSingleton<IRunWork, RepairWork>();
        return services;
    }
}
