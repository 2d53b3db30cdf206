using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Accounts;

/// <summary>The mail with a link for a new password. The link is made when the mail is sent, so that its hour begins then.</summary>
internal sealed class ResetLetters(IServiceScopeFactory scopes, ResetLinks links, PasswordRule rule) : IMailKind
{
    public string Kind => MailKind.ResetLink;

    public bool Gathers => false;

    public async Task<Letter?> ComposeAsync(PortalDbContext db, IReadOnlyList<QueuedMail> mails, CancellationToken cancellationToken)
    {
        var mail = mails[0];
        if (await FindAsync(mail.Recipient!) is not { DisabledAt: null } account || !rule.Allows(account.Email))
        {
            return null;
        }

        ResetLink? link = null;
        await AccountChange.RunAsync(scopes, Actor.Anonymous(mail.RequestedFrom), account.Id, async (work, changed) =>
        {
            link = await links.CreateAsync(work.Users, changed);
            work.Record(Actor.Anonymous(mail.RequestedFrom), "account.reset-link-mailed", changed);
            return new AccountOutcome.Done(changed.Id);
        }, cancellationToken);
        return link is null ? null : new Letter(
            account.Email!,
            "Choose a new password",
            [
                new LetterPart("Someone, probably you, asked for a new password for the device portal."),
                new LetterPart(
                    "This link works once, for one hour. A newer link replaces it.",
                    mail.RequestedFrom is { } address ? [("Asked for from", address)] : [],
                    [("Choose a new password", link.Url)]),
            ],
            "If it was not you, do nothing: your password stays as it is.");
    }

    private async Task<Account?> FindAsync(string email)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByEmailAsync(email);
    }
}
