using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Accounts;

/// <summary>What people do to their own account: change the password, or choose one through a link.</summary>
public sealed class OwnAccount(IServiceScopeFactory scopes, SignInCheck check, SignInThrottle throttle, PasswordHashing hashing, PasswordRule rule, FirstPasswordFile firstPassword)
{
    /// <summary>Ends the person's sessions, this one too. Too many wrong current passwords are refused for a while.</summary>
    public async Task<AccountOutcome> ChangePasswordAsync(Actor actor, string current, string next, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (await ReadAsync(actor.Id) is not { DisabledAt: null } before)
        {
            return new AccountOutcome.PasswordWrong();
        }

        if (!rule.Allows(before.Email))
        {
            return new AccountOutcome.PasswordsOff();
        }

        switch (await check.ConfirmAsync(actor, current, cancellationToken))
        {
            case SignInOutcome.SignedIn:
                break;
            case SignInOutcome.LockedOut(var wait):
                return new AccountOutcome.TooManyMisses(wait);
            case SignInOutcome.Busy:
                return new AccountOutcome.Busy();
            default:
                return new AccountOutcome.PasswordWrong();
        }

        var (hash, refused) = await new NewPasswords(scopes, hashing).HashAsync(before, next, cancellationToken);
        return refused ?? await AccountChange.RunAsync(scopes, actor, actor.Id, async (work, account) =>
            account.SecurityStamp == before.SecurityStamp
                ? await SetAsync(work, actor, account, hash!, "account.password-changed")
                : new AccountOutcome.ChangedMeanwhile(), cancellationToken);
    }

    /// <summary>Works once per link; also ends a lock-out, since the link proves who one is.</summary>
    public async Task<AccountOutcome> ResetPasswordAsync(
        string accountId, string linkToken, string next, string? address, CancellationToken cancellationToken)
    {
        if (await ReadAsync(accountId, linkToken) is not { DisabledAt: null } before || !rule.Allows(before.Email))
        {
            return new AccountOutcome.LinkDead(); // before a password is hashed for it
        }

        var (hash, refused) = await new NewPasswords(scopes, hashing).HashAsync(before, next, cancellationToken);
        var actor = Actor.Anonymous(address);
        var outcome = refused ?? await AccountChange.RunAsync(scopes, actor, accountId, async (work, account) =>
            account.DisabledAt is null && account.SecurityStamp == before.SecurityStamp && account.ResetLinks == before.ResetLinks
                ? await SetAsync(work, actor, account, hash!, "account.password-reset")
                : new AccountOutcome.LinkDead(), cancellationToken);
        if (outcome is AccountOutcome.Done)
        {
            await throttle.ForgetAsync(before.NormalizedEmail!, CancellationToken.None);
            if (before.MustChangePassword)
            {
                firstPassword.Remove(); // what was written down is good for nothing any more
            }
        }

        return outcome is AccountOutcome.NotFound or AccountOutcome.ChangedMeanwhile ? new AccountOutcome.LinkDead() : outcome;
    }

    /// <summary>The account as it is; null: there is none, or <paramref name="resetToken"/> is not for it as it is now.</summary>
    private async Task<Account?> ReadAsync(string accountId, string? resetToken = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        return await users.FindByIdAsync(accountId) is { } account
            && (resetToken is null || await ResetLinks.VerifyAsync(users, account, resetToken))
                ? account : null;
    }

    private static async Task<AccountOutcome> SetAsync(AccountChange work, Actor actor, Account account, string hash, string action)
    {
        (account.PasswordHash, account.MustChangePassword) = (hash, false);
        work.Record(actor, action, account);
        return AccountChange.Failure(await work.Users.UpdateSecurityStampAsync(account), account) ?? new AccountOutcome.Done(account.Id);
    }
}
