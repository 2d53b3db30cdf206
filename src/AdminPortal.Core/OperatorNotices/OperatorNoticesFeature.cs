using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>Registers what who runs the portal is told, by mail and by webhook.</summary>
internal static class OperatorNoticesFeature
{
    public static IServiceCollection AddOperatorNotices(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSingleton<OperatorChoices>();
        services.AddSingleton<OperatorEvents>();
        services.AddSingleton<OperatorDispatch>();
        services.AddSingleton<WebhookCalls>();
        services.AddSingleton<WebhookBoard>();
        services.AddHostedService<OperatorWatch>();
        return services;
    }
}
