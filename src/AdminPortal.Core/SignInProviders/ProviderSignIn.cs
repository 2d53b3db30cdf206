using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignInOptions = AdminPortal.Core.Accounts.SignInOptions;

namespace AdminPortal.Core.SignInProviders;

/// <summary>
/// Finds, connects or makes the account of somebody who signed in at a provider, and gives it the role that the provider says. All of it in
/// one transaction with its record.
/// </summary>
public sealed class ProviderSignIn(IServiceScopeFactory scopes, AuditLog audit, IOptions<SignInOptions> options, TimeProvider time, ILogger<ProviderSignIn> logger)
{
    private const int ReasonLength = 200;

    public async Task<ProviderSignInOutcome> CheckAsync(ProviderIdentity identity, string? address, CancellationToken cancellationToken)
    {
        var provider = options.Value.Providers[identity.Provider];
        var actor = Actor.Anonymous(address);
        var outcome = await AccountChange.RunAsync(scopes, actor, work => SignInAsync(work, identity, provider, actor, cancellationToken), cancellationToken);
        if (outcome is AccountOutcome.Done done)
        {
            return new ProviderSignInOutcome.SignedIn(done.AccountId, new(identity.Provider, identity.Subject, identity.SessionId, identity.Token, HasSecondFactor(provider, identity)));
        }

        var (why, subject) = outcome is AccountOutcome.ProviderRefused refused ? (refused.Why, refused.AccountId) : (ProviderRefusal.NotConnected, null);
        await audit.WriteAsync(actor, "sign-in.failed", subject, "refused", Reason(identity, Words(why)), cancellationToken);
        return new ProviderSignInOutcome.Refused(why);
    }

    private async Task<AccountOutcome> SignInAsync(
        AccountChange work, ProviderIdentity identity, SignInProviderOptions provider, Actor actor, CancellationToken cancellationToken)
    {
        var role = RoleOf(provider, identity);
        var login = await work.Db.UserLogins.SingleOrDefaultAsync(l => l.LoginProvider == identity.Provider && l.ProviderKey == identity.Subject, cancellationToken);
        var account = login is null ? null : await work.Users.FindByIdAsync(login.UserId);
        if (login is not null && (login.ProviderDisplayName ??= identity.Issuer) != identity.Issuer)
        {
            return new AccountOutcome.ProviderRefused(ProviderRefusal.OtherPerson, login.UserId); // the name stands for another provider now, whose ids are its own
        }

        var connected = account is not null;
        if (account is null && Refusal(provider, identity) is { } refusal)
        {
            return new AccountOutcome.ProviderRefused(refusal);
        }

        account ??= await work.Users.FindByEmailAsync(identity.Email!);
        if (account is { DisabledAt: not null })
        {
            return new AccountOutcome.ProviderRefused(ProviderRefusal.Disabled, account.Id);
        }

        if (!connected && account is not null)
        {
            if (provider.LinkBy is not AccountLinking.Email)
            {
                return new AccountOutcome.ProviderRefused(ProviderRefusal.NotConnected, account.Id);
            }

            if ((await work.Users.GetLoginsAsync(account)).Any(other => other.LoginProvider == identity.Provider))
            {
                return new AccountOutcome.ProviderRefused(ProviderRefusal.OtherPerson, account.Id);
            }
        }

        if (role is null && provider.Roles.Count > 0)
        {
            return new AccountOutcome.ProviderRefused(ProviderRefusal.NoRole, account?.Id);
        }

        if (account is null && !provider.CreateAccounts)
        {
            return new AccountOutcome.ProviderRefused(ProviderRefusal.NotConnected);
        }

        return await TakeInAsync(work, account, connected, role, identity, actor, cancellationToken);
    }

    private async Task<AccountOutcome> TakeInAsync(
        AccountChange work, Account? account, bool connected, AccountRole? role, ProviderIdentity identity, Actor actor, CancellationToken cancellationToken)
    {
        if (account is null)
        {
            account = new Account { Id = Ids.New(), UserName = identity.Email, Email = identity.Email, EmailConfirmed = true, Role = role!.Value };
            if (AccountChange.Failure(await work.Users.CreateAsync(account), account) is { } failure)
            {
                return failure;
            }

            work.Record(actor, "account.created", account, Reason(identity, $"role {role}"));
        }
        else if (role is { } less && less != account.Role && await work.IsLastAdminAsync(account, cancellationToken))
        {
            logger.LogWarning("{Provider} gives the role {Role} to {Account}, the last admin: the role stays", identity.Provider, less, account.Id);
            work.Record(actor, "account.role-kept", account, Reason(identity, $"the last {account.Role}; the provider says {less}"));
        }
        else if (role is { } now && now != account.Role)
        {
            work.Record(actor, "account.role-changed", account, Reason(identity, $"from {account.Role} to {now}"));
            account.Role = now;
            if (AccountChange.Failure(await work.Users.UpdateSecurityStampAsync(account), account) is { } failure)
            {
                return failure;
            }
        }

        if (!connected)
        {
            if (AccountChange.Failure(await work.Users.AddLoginAsync(account, new UserLoginInfo(identity.Provider, identity.Subject, identity.Issuer)), account) is { } failure)
            {
                return failure;
            }

            work.Record(actor, "account.connected", account, Reason(identity, "by e-mail address"));
        }

        account.LastSignInAt = time.GetUtcNow();
        work.Record(actor with { Id = account.Id, Name = account.Email, Role = account.Role }, "sign-in.ok", account, identity.Provider);
        await work.Db.SaveChangesAsync(cancellationToken);
        return new AccountOutcome.Done(account.Id);
    }

    /// <summary>For somebody who was never here: only an address that the provider has verified says who they are.</summary>
    private static ProviderRefusal? Refusal(SignInProviderOptions provider, ProviderIdentity identity) =>
        provider is { LinkBy: AccountLinking.Subject, CreateAccounts: false } ? ProviderRefusal.NotConnected
        : string.IsNullOrWhiteSpace(identity.Email) || !identity.EmailVerified ? ProviderRefusal.EmailNotVerified
        : null;

    private static AccountRole? RoleOf(SignInProviderOptions provider, ProviderIdentity identity) => provider.Roles
        .Where(role => role.Key == "*" || identity.Roles.Contains(role.Key, StringComparer.Ordinal))
        .Select(role => (AccountRole?)role.Value).Max();

    private static bool HasSecondFactor(SignInProviderOptions provider, ProviderIdentity identity) =>
        (provider.SecondFactorBy ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(identity.Methods.Contains);

    /// <summary>What the provider vouches for, in so many letters that the record can show: with the subject an admin connects an account.</summary>
    private static string Reason(ProviderIdentity identity, string what) =>
        string.Concat($"{what}; {identity.Provider}, subject {identity.Subject}".Where(c => c is >= ' ' and <= '~').Take(ReasonLength));

    private static string Words(ProviderRefusal why) => why switch
    {
        ProviderRefusal.EmailNotVerified => "e-mail address not verified",
        ProviderRefusal.OtherPerson => "the account is connected with another subject",
        ProviderRefusal.Disabled => "disabled",
        ProviderRefusal.NoRole => "no role",
        _ => "not connected with an account",
    };
}
