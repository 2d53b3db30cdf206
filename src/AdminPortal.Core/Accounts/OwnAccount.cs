using System.Security.Claims;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Accounts;

/// <summary>What people do to their own account: change the password, or choose one through a link.</summary>
public sealed class OwnAccount(IServiceScopeFactory scopes)
{
    /// <summary>Ends the person's other sessions. Wrong current passwords count towards the lock-out.</summary>
    public async Task<AccountOutcome> ChangePasswordAsync(Actor actor, string current, string next, CancellationToken cancellationToken)
    {
        var outcome = await AccountChange.RunAsync(scopes, actor.Id, async (work, account) =>
        {
            if (await RefusedAsync(work, account))
            {
                return new AccountOutcome.PasswordWrong();
            }

            if (AccountChange.Failure(await work.Users.ChangePasswordAsync(account, current, next), account) is { } failure)
            {
                return failure;
            }

            work.Record(actor, "account.password-changed", account);
            return new AccountOutcome.Done(account.Id);
        }, cancellationToken);
        if (outcome is AccountOutcome.PasswordWrong)
        {
            await AccountChange.RunAsync(scopes, actor.Id, async (work, account) =>
            {
                await work.Users.AccessFailedAsync(account);
                AuditLog.Add(work.Db, actor, "account.password-changed", account.Id, "failed", "wrong password");
                return new AccountOutcome.Done(account.Id);
            }, cancellationToken);
        }

        return outcome;
    }

    /// <summary>Works once per link; also ends a lock-out, since the link proves who one is.</summary>
    public Task<AccountOutcome> ResetPasswordAsync(
        string accountId, string linkToken, string next, string? address, CancellationToken cancellationToken) =>
        AccountChange.RunAsync(
            scopes,
            async work =>
            {
                if (ResetLinks.Decode(linkToken) is not { } token || await work.Users.FindByIdAsync(accountId) is not { DisabledAt: null } account)
                {
                    return new AccountOutcome.LinkDead();
                }

                if (AccountChange.Failure(await work.Users.ResetPasswordAsync(account, token, next), account) is { } failure)
                {
                    return failure is AccountOutcome.ChangedMeanwhile ? new AccountOutcome.LinkDead() : failure;
                }

                account.LockoutEnd = null;
                account.AccessFailedCount = 0;
                work.Record(Actor.Anonymous(address), "account.password-reset", account);
                return new AccountOutcome.Done(account.Id);
            },
            cancellationToken);

    /// <summary>The principal of the account as it is now; the request's own context may remember it as it was.</summary>
    public async Task<ClaimsPrincipal?> PrincipalAsync(string accountId)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByIdAsync(accountId) is { DisabledAt: null } account
            ? await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<Account>>().CreateAsync(account)
            : null;
    }

    private static async Task<bool> RefusedAsync(AccountChange work, Account account) =>
        account.DisabledAt is not null || await work.Users.IsLockedOutAsync(account);
}
