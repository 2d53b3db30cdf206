using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AdminPortal.Core.Runs;

/// <summary>Registers long work. A feature adds its own as <see cref="IRunWork"/>.</summary>
internal static class RunsFeature
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddOptions<RunOptions>().BindConfiguration(RunOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RunSignal>();
        services.TryAddSingleton(new RunPlace(KeepsItsRuns: false));
        services.AddSingleton<OperationRuns>();
        services.AddSingleton<RunJournals>();
        services.AddSingleton<RunClaims>();
        services.AddSingleton<RunExecution>();
        services.AddSingleton(provider => new RunHere(provider.GetRequiredService<RunClaims>(), provider.GetRequiredService<RunExecution>()));
        services.AddHostedService<RunWorker>();
        return services;
    }
}
