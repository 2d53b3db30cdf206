using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Mail;

/// <summary>Registers the mail queue. What mails say is registered by the features that send them, as <see cref="IMailKind"/>.</summary>
internal static class MailFeature
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SmtpOptions>, SmtpOptionsValidator>();
        services.AddSingleton<SmtpMail>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<MailBoard>();
        services.AddHostedService<MailWorker>();
        return services;
    }
}
