using AdminPortal.Core.Targets;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Mail;

/// <summary>Hands messages to the mail server.</summary>
public sealed class SmtpMail(IOptions<SmtpOptions> smtp, IOptions<PortalOptions> portal)
{
    /// <summary>How long one message may take, a silent server included.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>False: no mail server is configured.</summary>
    public bool Configured => smtp.Value.Configured;

    /// <summary>The server's address, for people; null: none is configured.</summary>
    public string? Server => Configured ? $"{smtp.Value.Host}:{smtp.Value.Port}" : null;

    /// <param name="id">The same for every try at one message, so that a mailbox can tell a repetition.</param>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    public async Task SendAsync(Letter letter, string id, CancellationToken cancellationToken)
    {
        var settings = smtp.Value;
        var host = new Uri(portal.Value.PublicUrl).Host;
        using var message = letter.ToMessage(portal.Value.Name, settings.From!, $"{id}@{host}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new SmtpClient { LocalDomain = host };
        try
        {
            await client.ConnectAsync(settings.Host!, settings.Port, settings.Security, patience.Token);
            if (!string.IsNullOrEmpty(settings.UserName))
            {
                await client.AuthenticateAsync(settings.UserName, settings.Password ?? "", patience.Token);
            }

            await client.SendAsync(message, patience.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server did not answer within {Patience.TotalSeconds:N0} seconds.", late);
        }

        await client.DisconnectAsync(quit: true, patience.Token);
    }
}
