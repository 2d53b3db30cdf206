using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Runs;

/// <summary>Registers long work. A feature adds its own as <see cref="IRunWork"/>.</summary>
internal static class RunsFeature
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddOptions<RunOptions>().BindConfiguration(RunOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RunSignal>();
        services.AddSingleton<OperationRuns>();
        services.AddHostedService<RunWorker>();
        return services;
    }
}
