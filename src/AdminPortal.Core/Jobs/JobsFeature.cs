using AdminPortal.Core.Activity;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Jobs;

/// <summary>Registers the scheduler and the jobs that it runs.</summary>
internal static class JobsFeature
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<IPortalJob, DevicePoliciesJob>();
        services.AddSingleton<IPortalJob, ExpiringGrantsJob>();
        services.AddOptions<JobOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            foreach (var schedule in configuration.GetSection(JobOptions.Section).GetChildren())
            {
                options[schedule.Key] = schedule.Value ?? "";
            }
        }).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JobOptions>, JobOptionsValidator>();
        services.AddSingleton<JobRuns>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobScheduler>();
        services.AddHostedService(provider => provider.GetRequiredService<JobScheduler>());
        services.AddSingleton(provider => new JobBoard(
            provider.GetServices<IPortalJob>(), provider.GetRequiredService<JobRuns>(), provider.GetRequiredService<JobScheduler>(), provider.GetRequiredService<AuditLog>()));
        return services;
    }
}
