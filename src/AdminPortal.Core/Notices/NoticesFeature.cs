using AdminPortal.Core.Alerts;
using AdminPortal.Core.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Notices;

/// <summary>Registers what people are told, from the outbox to their pages and their mail, and what admins are alerted to.</summary>
internal static class NoticesFeature
{
    public static IServiceCollection AddNotices(this IServiceCollection services)
    {
        services.AddSingleton<NoticeChanges>();
        services.AddHostedService<NoticeChangeListener>();
        services.AddSingleton<NoticeDispatch>();
        services.AddHostedService<NoticeDispatcher>();
        services.AddSingleton<NoticeInbox>();
        services.AddSingleton<NoticePreferences>();
        services.AddSingleton<DisownLinks>();
        services.AddSingleton<IMailKind, NoticeLetters>();
        services.AddSingleton<DeviceDisowning>();
        services.AddSingleton<AlertList>();
        services.AddSingleton<AlertActs>();
        return services;
    }
}
