using AdminPortal.Core.Activity;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Codes of an authenticator app (TOTP), and recovery codes in their place. A code works once; wrong ones are counted for the account,
/// wherever they come from, since only who knows the password can try.
/// </summary>
public sealed class SecondFactors(
    IServiceScopeFactory scopes, SignInThrottle throttle, ResetLinks links, AdminProposals proposals, PasswordRule rule, IOptions<SignInOptions> options, IOptions<PortalOptions> portal)
{
    private const int RecoveryCodes = 10;
    private const string IdentityProvider = "[AspNetUserStore]"; // where Identity looks for the key
    private const string IdentityKey = "AuthenticatorKey";
    private const string OwnProvider = "[Portal]";
    private const string UsedCodes = "UsedCodes";

    /// <summary>A code is good for some steps before and after its own: so many of the last ones are remembered that none is good twice.</summary>
    private const int Remembered = 10;

    /// <summary>What comes after the right password; null: there is no such account any more.</summary>
    /// <param name="provider">A sign-in at a provider in place of the password.</param>
    public async Task<SignInProgress?> AfterPasswordAsync(string accountId, ProviderSession? provider = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Users(scope).FindByIdAsync(accountId) is not { DisabledAt: null, SecurityStamp: { } stamp } account ? null : new SignInProgress(
            account.MustChangePassword && provider is null ? SignInStep.NewPassword
            : provider is { HasSecondFactor: true } ? SignInStep.Nothing
            : account.TwoFactorEnabled ? SignInStep.Code
            : !IsNeeded(account.Role) ? SignInStep.Nothing
            : rule.Allows(account.Email) && (await Users(scope).GetPasskeysAsync(account)).Count > 0 ? SignInStep.Passkey
            : SignInStep.SetUp,
            stamp);
    }

    public bool IsNeeded(AccountRole role) => SignInOptionsValidator.NeedsSecondFactor(options.Value, portal.Value, role);

    /// <summary>The link with which the first sign-in chooses a password.</summary>
    public async Task<string?> NewPasswordLinkAsync(string accountId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(accountId) is not { MustChangePassword: true } account)
        {
            return null;
        }

        var link = await links.CreateAsync(users, account);
        return (await users.UpdateAsync(account)).Succeeded ? link.Url : null;
    }

    /// <summary>The key to be set up; the same until it is. Null: there is a second factor already.</summary>
    public async Task<SecondFactorSetup?> BeginAsync(string accountId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(accountId) is not { TwoFactorEnabled: false } account)
        {
            return null;
        }

        if (await users.GetAuthenticatorKeyAsync(account) is not { Length: > 0 } key)
        {
            key = users.GenerateNewAuthenticatorKey();
            await users.SetAuthenticationTokenAsync(account, IdentityProvider, IdentityKey, key); // not Identity's own way: that would end every session
        }

        var host = new Uri(portal.Value.PublicUrl).Host;
        var address = $"otpauth://totp/{Uri.EscapeDataString($"AdminPortal {host}")}:{Uri.EscapeDataString(account.Email ?? "")}?secret={key}&issuer={Uri.EscapeDataString($"AdminPortal {host}")}&digits=6";
        return new SecondFactorSetup(string.Join(' ', key.Chunk(4).Select(part => new string(part))), QrImage.Svg(address));
    }

    /// <summary>Ends every session of the account, this one too: they were started with less.</summary>
    public async Task<SecondFactorOutcome> EnableAsync(Actor actor, string accountId, string code, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return await WithCodeAsync(actor, accountId, code, "second-factor.enabled", recovery: false, async (users, account) =>
        {
            await users.SetTwoFactorEnabledAsync(account, true);
            return await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes) ?? [];
        }, cancellationToken);
    }

    /// <summary>New recovery codes; those of before are dead.</summary>
    public async Task<SecondFactorOutcome> RenewRecoveryCodesAsync(Actor actor, string code, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return await WithCodeAsync(actor, actor.Id, code, "second-factor.recovery-codes-made", recovery: false, async (users, account) =>
            account.TwoFactorEnabled ? await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes) ?? [] : [], cancellationToken);
    }

    /// <summary>Takes one's own second factor away, unless the role needs one. Ends every session of the account.</summary>
    public async Task<SecondFactorOutcome> DisableAsync(Actor actor, string code, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return actor.Role is { } role && IsNeeded(role)
            ? new SecondFactorOutcome.Refused("Your role needs a second factor.")
            : await WithCodeAsync(actor, actor.Id, code, "second-factor.disabled", recovery: true, async (users, account) =>
            {
                await ForgetAsync(users, account);
                return [];
            }, cancellationToken);
    }

    /// <summary>For somebody who lost the device and the recovery codes; passkeys go too. Ends every session of the account.</summary>
    public async Task<AccountOutcome> RemoveAsync(string accountId, Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        return actor.IsAdmin
            ? await AccountChange.RunAsync(scopes, actor, accountId, async (work, account) =>
            {
                if (proposals.IsClosedTo(actor, account))
                {
                    return new AccountOutcome.NeedsTwo();
                }

                foreach (var passkey in await work.Users.GetPasskeysAsync(account))
                {
                    await work.Users.RemovePasskeyAsync(account, passkey.CredentialId);
                }

                await ForgetAsync(work.Users, account);
                work.Record(actor, "second-factor.removed", account);
                return new AccountOutcome.Done(account.Id);
            }, cancellationToken)
            : new AccountOutcome.NotAllowed();
    }

    /// <summary>At the sign-in, after the password: a code of the app, or a recovery code.</summary>
    public async Task<SignInOutcome> CheckAsync(string accountId, string code, string? address, CancellationToken cancellationToken) =>
        await WithCodeAsync(Actor.Anonymous(address), accountId, code, "second-factor.ok", recovery: true, static (_, _) => Task.FromResult<IEnumerable<string>>([]), cancellationToken) switch
        {
            SecondFactorOutcome.Done => new SignInOutcome.SignedIn(accountId),
            SecondFactorOutcome.LockedOut locked => new SignInOutcome.LockedOut(locked.Wait),
            _ => new SignInOutcome.Wrong(),
        };

    public async Task<int> RecoveryCodesLeftAsync(string accountId)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Users(scope).FindByIdAsync(accountId) is { } account ? await Users(scope).CountRecoveryCodesAsync(account) : 0;
    }

    private async Task<SecondFactorOutcome> WithCodeAsync(
        Actor actor, string accountId, string code, string action, bool recovery,
        Func<UserManager<Account>, Account, Task<IEnumerable<string>>> act, CancellationToken cancellationToken)
    {
        string? email;
        await using (var scope = scopes.CreateAsyncScope())
        {
            email = (await Users(scope).FindByIdAsync(accountId))?.NormalizedEmail;
        }

        if (email is null)
        {
            return new SecondFactorOutcome.Refused("There is no such account (any more).");
        }

        var brakes = throttle.OfSecondFactor(email);
        if ((await throttle.CountAsync(brakes, cancellationToken)).Wait is { } wait)
        {
            return new SecondFactorOutcome.LockedOut(wait);
        }

        IReadOnlyList<string>? codes = null;
        await AccountChange.RunAsync(scopes, actor, accountId, async (work, account) =>
        {
            if (account.DisabledAt is null && await IsRightAsync(work.Users, account, code, recovery))
            {
                codes = [.. await act(work.Users, account)];
            }

            AuditLog.Add(work.Db, actor, codes is null ? "second-factor.failed" : action, accountId, codes is null ? "failed" : "ok", codes is null ? "wrong code" : null);
            return new AccountOutcome.Done(accountId);
        }, cancellationToken);
        if (codes is null)
        {
            return new SecondFactorOutcome.Refused("That is not the code. Look at the app again: it shows a new one every 30 seconds.");
        }

        await throttle.SucceededAsync(brakes, CancellationToken.None);
        return new SecondFactorOutcome.Done(codes);
    }

    /// <summary>Called in turn, so that a code cannot be used twice at the same moment either.</summary>
    private static async Task<bool> IsRightAsync(UserManager<Account> users, Account account, string code, bool recovery)
    {
        var typed = string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        if (typed.Length == 6 && typed.All(char.IsAsciiDigit))
        {
            var used = (await users.GetAuthenticationTokenAsync(account, OwnProvider, UsedCodes) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (used.Contains(typed) || !await users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, typed))
            {
                return false;
            }

            await users.SetAuthenticationTokenAsync(account, OwnProvider, UsedCodes, string.Join(' ', used.TakeLast(Remembered - 1).Append(typed)));
            return true;
        }

        return recovery && account.TwoFactorEnabled && (await users.RedeemTwoFactorRecoveryCodeAsync(account, typed.ToUpperInvariant())).Succeeded;
    }

    private static async Task ForgetAsync(UserManager<Account> users, Account account)
    {
        await users.SetTwoFactorEnabledAsync(account, false);
        foreach (var (provider, name) in new[] { (IdentityProvider, IdentityKey), (IdentityProvider, "RecoveryCodes"), (OwnProvider, UsedCodes) })
        {
            await users.RemoveAuthenticationTokenAsync(account, provider, name);
        }
    }

    private static UserManager<Account> Users(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
}
