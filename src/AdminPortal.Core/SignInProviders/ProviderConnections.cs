using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignInOptions = AdminPortal.Core.Accounts.SignInOptions;

namespace AdminPortal.Core.SignInProviders;

/// <summary>With which person of a provider an account is connected.</summary>
/// <param name="Provider">The name in the settings, which may know it no longer.</param>
public sealed record ProviderConnection(string Provider, string Title, string Subject);

/// <summary>Shows and changes which persons of providers an account is. The first sign-in by e-mail address connects by itself.</summary>
public sealed class ProviderConnections(IServiceScopeFactory scopes, IDbContextFactory<PortalDbContext> contexts, AdminProposals proposals, IOptions<SignInOptions> options)
{
    /// <summary>An admin's view, or the person's own; else nothing.</summary>
    public async Task<IReadOnlyList<ProviderConnection>> ListAsync(Actor actor, string accountId, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin && actor.Id != accountId)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var logins = await db.UserLogins.AsNoTracking().Where(l => l.UserId == accountId).OrderBy(l => l.LoginProvider)
            .Select(l => new { l.LoginProvider, l.ProviderKey }).ToListAsync(cancellationToken);
        return logins.ConvertAll(l => new ProviderConnection(
            l.LoginProvider, options.Value.Providers.GetValueOrDefault(l.LoginProvider)?.TitleOr(l.LoginProvider) ?? l.LoginProvider, l.ProviderKey));
    }

    /// <summary>For people whom the provider's e-mail address does not find. Ends the sessions of the account.</summary>
    public Task<AccountOutcome> ConnectAsync(string accountId, string provider, string subject, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, actor, async (work, account) =>
        {
            if (!options.Value.Providers.ContainsKey(provider))
            {
                return new AccountOutcome.ProviderUnknown(provider);
            }

            if (proposals.IsClosedTo(actor, account))
            {
                return new AccountOutcome.NeedsTwo();
            }

            var result = await work.Users.AddLoginAsync(account, new UserLoginInfo(provider, subject, null)); // the issuer is learnt at the first sign-in
            work.Record(actor, "account.connected", account, $"{provider}, subject {subject}");
            return result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.LoginAlreadyAssociated))
                ? new AccountOutcome.ConnectedElsewhere()
                : AccountChange.Failure(result, account) ?? new AccountOutcome.Done(account.Id);
        }, cancellationToken);

    /// <summary>Ends the sessions of the account.</summary>
    public Task<AccountOutcome> DisconnectAsync(string accountId, ProviderConnection connection, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, actor, async (work, account) =>
        {
            work.Record(actor, "account.disconnected", account, $"{connection.Provider}, subject {connection.Subject}");
            return AccountChange.Failure(await work.Users.RemoveLoginAsync(account, connection.Provider, connection.Subject), account) ?? new AccountOutcome.Done(account.Id);
        }, cancellationToken);

    private async Task<AccountOutcome> ChangeAsync(
        string accountId, Actor actor, Func<AccountChange, Account, Task<AccountOutcome>> change, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        return actor.IsAdmin ? await AccountChange.RunAsync(scopes, actor, accountId, change, cancellationToken) : new AccountOutcome.NotAllowed();
    }
}
