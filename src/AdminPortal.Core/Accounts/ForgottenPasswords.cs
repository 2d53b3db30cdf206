using System.Threading.Channels;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Mails reset links. Works after the answer has gone out, so that neither the answer nor its time tells whether an
/// address has an account.
/// </summary>
public sealed class ForgottenPasswords(
    IServiceScopeFactory scopes, IMail mail, ResetLinks links, AuditLog audit, ILogger<ForgottenPasswords> logger) : BackgroundService
{
    private readonly Channel<(string Email, string? Address)> queue =
        Channel.CreateBounded<(string Email, string? Address)>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>False: without a mail server an admin makes the link.</summary>
    public bool Available => mail.Configured;

    public void Request(string email, string? address) => queue.Writer.TryWrite((email, address));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (email, address) in queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await SendAsync(email, address, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "A reset link could not be mailed. The person can ask an admin for one.");
            }
        }
    }

    private async Task SendAsync(string email, string? address, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        if (!mail.Configured || await users.FindByEmailAsync(email.Trim()) is not { DisabledAt: null } account)
        {
            return;
        }

        var link = await links.CreateAsync(users, account);
        await mail.SendAsync(account.Email!, "Choose a new password", $"""
            Someone, probably you, asked for a new password for the device portal.
            This link works once, for one hour:

            {link.Url}

            If it was not you, do nothing: your password stays as it is.
            """, cancellationToken);
        await audit.WriteAsync(Actor.Anonymous(address), "account.reset-link-mailed", account.Id, "ok", null, cancellationToken);
    }
}
