using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AdminPortal.Core.Accounts;

/// <summary>Sends mail; the seam to the outside that tests replace.</summary>
public interface IMail
{
    /// <summary>False: no mail server is configured.</summary>
    bool Configured { get; }

    /// <param name="messageId">The same for every try at one message, so that a mailbox can tell a repetition; null: a new one.</param>
    Task SendAsync(string to, string subject, string text, CancellationToken cancellationToken, string? messageId = null);
}

internal sealed class SmtpMail(IOptions<SmtpOptions> options) : IMail
{
    public bool Configured => options.Value.Configured;

    public async Task SendAsync(string to, string subject, string text, CancellationToken cancellationToken, string? messageId = null)
    {
        var settings = options.Value;
        using var message = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = text } };
        message.From.Add(MailboxAddress.Parse(settings.From!));
        message.To.Add(MailboxAddress.Parse(to));
        if (messageId is not null)
        {
            message.MessageId = messageId;
        }

        using var client = new SmtpClient();
        await client.ConnectAsync(settings.Host!, settings.Port, settings.Security, cancellationToken);
        if (!string.IsNullOrEmpty(settings.UserName))
        {
            await client.AuthenticateAsync(settings.UserName, settings.Password ?? "", cancellationToken);
        }

        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }
}
