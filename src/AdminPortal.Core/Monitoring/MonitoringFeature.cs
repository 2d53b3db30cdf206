using AdminPortal.Core.Jobs;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Monitoring;

/// <summary>Registers the portal's instruments, the figures that are kept of them, and the errors of the log.</summary>
internal static class MonitoringFeature
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<MonitoringOptions>().BindConfiguration(MonitoringOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PortalMeter>();
        services.AddSingleton<ErrorLog>();
        services.AddSingleton<ILoggerProvider, ErrorLogProvider>();
        services.AddSingleton<FigureStore>();
        services.AddHostedService<FigureRecorder>();
        services.AddSingleton<SizeFigures>();
        services.AddSingleton<IPortalJob, MonitoringJob>();
        services.AddSingleton(provider => new MonitoringBoard(
            provider.GetRequiredService<FigureStore>(), provider.GetRequiredService<DeviceDatabases>(), provider.GetRequiredService<SizeFigures>(), provider.GetRequiredService<ErrorLog>()));
        return services;
    }
}
