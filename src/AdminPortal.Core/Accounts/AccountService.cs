using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// What admins do to accounts. Checks the actor itself, whatever the caller checked. A change of role, link or state ends the account's
/// sessions at once, because they carry what changed.
/// </summary>
public sealed class AccountService(
    IServiceScopeFactory scopes, ResetLinks links, AccountDeviceEndings endings, AccountLinks personLinks, DeviceDatabases databases, SignInThrottle throttle,
    PasswordHashing hashing, PasswordRule passwords, AdminProposals proposals, TimeProvider time)
{
    public async Task<AccountOutcome> CreateAsync(CreateAccount request, Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (await RefusalAsync(actor, request.UserId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var proposed = request.Role is AccountRole.Admin && proposals.AreNeeded(actor);
        var email = request.Email.Trim();
        var (hash, refused) = string.IsNullOrEmpty(request.Password)
            ? (null, null)
            : await new NewPasswords(scopes, hashing).HashAsync(new Account { Email = email }, request.Password, cancellationToken);
        return refused ?? await LookAsync(await AccountChange.RunAsync(
            scopes,
            actor,
            async work =>
            {
                var account = new Account
                {
                    Id = Ids.New(),
                    UserName = email,
                    Email = email,
                    Role = proposed ? AccountRole.User : request.Role,
                    AppUserId = Blank(request.UserId),
                    IsSample = request.IsSample,
                    PasswordHash = hash,
                    MustChangePassword = request.MustChangePassword,
                };
                if (proposed)
                {
                    proposals.Propose(account, actor);
                }

                if (AccountChange.Failure(await work.Users.CreateAsync(account), account) is { } failure)
                {
                    return failure;
                }

                work.Record(actor, "account.created", account, $"role {account.Role}");
                if (proposed)
                {
                    work.Record(actor, "account.admin-proposed", account);
                }

                var link = account.PasswordHash is null && passwords.Allows(email) ? await LinkAsync(work, actor, account) : null;
                return new AccountOutcome.Done(account.Id, link, NeedsSecond: proposed);
            },
            cancellationToken), cancellationToken);
    }

    /// <summary>Ends the sessions at once and the devices in the same act, or as soon as their database is back.</summary>
    public async Task<AccountOutcome> DisableAsync(string accountId, Actor actor, CancellationToken cancellationToken)
    {
        var outcome = await ChangeAsync(accountId, actor, async (work, account) =>
        {
            if (await AdminRuleAsync(work, account, actor, cancellationToken) is { } refusal)
            {
                return refusal;
            }

            account.DisabledAt ??= time.GetUtcNow();
            account.DevicesToEndSince ??= await work.Db.AccountLinks.AnyAsync(l => l.AccountId == account.Id, cancellationToken) || account.AppUserId is not null ? time.GetUtcNow() : null;
            work.Record(actor, "account.disabled", account);
            return await EndSessionsAsync(work, account);
        }, cancellationToken);
        return outcome is AccountOutcome.Done done
            ? done with { DevicesPending = !await endings.EndAsync(accountId, actor, cancellationToken) }
            : outcome;
    }

    public Task<AccountOutcome> EnableAsync(string accountId, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, actor, async (work, account) =>
        {
            account.DisabledAt = null;
            work.Record(actor, "account.enabled", account);
            await throttle.ForgetAsync(account.NormalizedEmail!, cancellationToken);
            return Result(await work.Users.UpdateAsync(account), account);
        }, cancellationToken);

    /// <summary>Lets the person try again at once, everywhere.</summary>
    public Task<AccountOutcome> UnlockAsync(string accountId, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, actor, async (work, account) =>
        {
            work.Record(actor, "account.unlocked", account);
            await throttle.ForgetAsync(account.NormalizedEmail!, cancellationToken);
            return new AccountOutcome.Done(account.Id);
        }, cancellationToken);

    public Task<AccountOutcome> ChangeRoleAsync(string accountId, AccountRole role, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, actor, async (work, account) =>
        {
            if (role != AccountRole.Admin && await AdminRuleAsync(work, account, actor, cancellationToken) is { } refusal)
            {
                return refusal;
            }

            if (role == AccountRole.Admin && account.Role != role && proposals.AreNeeded(actor) && !await proposals.IsConfirmedAsync(work.Db, account, actor, cancellationToken))
            {
                proposals.Propose(account, actor);
                work.Record(actor, "account.admin-proposed", account);
                return AccountChange.Failure(await work.Users.UpdateAsync(account), account) ?? new AccountOutcome.Done(account.Id, NeedsSecond: true);
            }

            work.Record(actor, "account.role-changed", account, $"from {account.Role} to {role}");
            account.Role = role;
            AdminProposals.Forget(account);
            return await EndSessionsAsync(work, account);
        }, cancellationToken);

    /// <summary>Takes the wish that the account be an admin's away, one's own or another admin's.</summary>
    public Task<AccountOutcome> RefuseAdminAsync(string accountId, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, actor, async (work, account) =>
        {
            work.Record(actor, "account.admin-refused", account);
            AdminProposals.Forget(account);
            return Result(await work.Users.UpdateAsync(account), account);
        }, cancellationToken);

    /// <summary>Makes the devices of a row of <c>users</c> this person's; null or empty takes the link away.</summary>
    public async Task<AccountOutcome> LinkUserAsync(string accountId, string? userId, Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        return await RefusalAsync(actor, userId, cancellationToken) ?? await LookAsync(await ChangeAsync(accountId, actor, async (work, account) =>
        {
            if (account.DevicesToEndSince is not null)
            {
                return new AccountOutcome.DevicesStillToEnd();
            }

            work.Record(actor, "account.linked", account, $"from {account.AppUserId ?? "none"} to {Blank(userId) ?? "none"}");
            account.AppUserId = Blank(userId);
            await AccountLinks.EndAsync(work.Db, account.Id, cancellationToken);
            return await EndSessionsAsync(work, account);
        }, cancellationToken), cancellationToken);
    }

    /// <summary>The link is in <see cref="AccountOutcome.Done.Link"/>, to be handed to the person.</summary>
    public Task<AccountOutcome> CreateResetLinkAsync(string accountId, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, actor, async (work, account) => account.DisabledAt is not null
            ? new AccountOutcome.AccountDisabled()
            : !passwords.Allows(account.Email) ? new AccountOutcome.PasswordsOff()
            : proposals.IsClosedTo(actor, account) ? new AccountOutcome.NeedsTwo()
            : new AccountOutcome.Done(account.Id, await LinkAsync(work, actor, account)), cancellationToken);

    private async Task<AccountOutcome> ChangeAsync(
        string accountId, Actor actor, Func<AccountChange, Account, Task<AccountOutcome>> change, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        return actor.IsAdmin
            ? await AccountChange.RunAsync(scopes, actor, accountId, change, cancellationToken)
            : new AccountOutcome.NotAllowed();
    }

    /// <summary>Remembers by what the person is known again. When their database is away, the watch does it.</summary>
    private async Task<AccountOutcome> LookAsync(AccountOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            if (outcome is AccountOutcome.Done done)
            {
                await personLinks.CheckAsync(done.AccountId, cancellationToken);
            }
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
        }

        return outcome;
    }

    private async Task<ResetLink> LinkAsync(AccountChange work, Actor actor, Account account)
    {
        work.Record(actor, "account.reset-link-made", account);
        return await links.CreateAsync(work.Users, account);
    }

    private async Task<AccountOutcome?> RefusalAsync(Actor actor, string? userId, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin || Blank(userId) is not { } id)
        {
            return actor.IsAdmin ? null : new AccountOutcome.NotAllowed();
        }

        try
        {
            await using var db = databases.CreateDbContext();
            return await db.Users.AnyAsync(u => u.Id == id, cancellationToken) ? null : new AccountOutcome.UserUnknown(id);
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            return new AccountOutcome.TargetAway();
        }
    }

    private static async Task<AccountOutcome?> AdminRuleAsync(AccountChange work, Account account, Actor actor, CancellationToken cancellationToken)
    {
        if (account.Id == actor.Id)
        {
            return new AccountOutcome.Oneself();
        }

        return await work.IsLastAdminAsync(account, cancellationToken) ? new AccountOutcome.LastAdmin() : null;
    }

    /// <summary>Saves the account with a new security stamp: cookies, bearers and reset links of before are dead.</summary>
    private static async Task<AccountOutcome> EndSessionsAsync(AccountChange work, Account account) =>
        Result(await work.Users.UpdateSecurityStampAsync(account), account);

    private static AccountOutcome Result(Microsoft.AspNetCore.Identity.IdentityResult result, Account account) =>
        AccountChange.Failure(result, account) ?? new AccountOutcome.Done(account.Id);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
