using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// One change of accounts: a scope, a transaction and its audit event, which commit together or not at all. Changes take
/// turns, so that two admins cannot each remove the other as the last but one.
/// </summary>
internal sealed class AccountChange : IAsyncDisposable
{
    internal const long LockKey = 0x6163636F_756E7473;
    private readonly AsyncServiceScope scope;

    private AccountChange(AsyncServiceScope scope)
    {
        this.scope = scope;
        Db = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        Users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
    }

    public PortalDbContext Db { get; }

    public UserManager<Account> Users { get; }

    /// <summary>Runs the change; anything but <see cref="AccountOutcome.Done"/> is rolled back.</summary>
    public static async Task<AccountOutcome> RunAsync(
        IServiceScopeFactory scopes, Actor actor, Func<AccountChange, Task<AccountOutcome>> change, CancellationToken cancellationToken)
    {
        await using var work = new AccountChange(scopes.CreateAsyncScope());
        await using var transaction = await work.Db.Database.BeginTransactionAsync(cancellationToken);
        await work.Db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        await actor.DemandStandingAsync(work.Db, cancellationToken); // after the turn was given: whoever was before may have disabled this actor
        try
        {
            var outcome = await change(work);
            if (outcome is AccountOutcome.Done done)
            {
                await work.Db.SaveChangesAsync(cancellationToken);
                await AccountSessions.TellAsync(work.Db, done.AccountId, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            return outcome;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
        {
            return violation.ConstraintName == "accounts_appUserId_key"
                ? new AccountOutcome.UserTaken("of this link")
                : new AccountOutcome.EmailTaken("this address");
        }
    }

    /// <summary>The same for one account, which must exist.</summary>
    public static Task<AccountOutcome> RunAsync(
        IServiceScopeFactory scopes, Actor actor, string accountId, Func<AccountChange, Account, Task<AccountOutcome>> change, CancellationToken cancellationToken) =>
        RunAsync(
            scopes,
            actor,
            async work => await work.Users.FindByIdAsync(accountId) is { } account ? await change(work, account) : new AccountOutcome.NotFound(),
            cancellationToken);

    /// <summary>True: without this account nobody could manage accounts.</summary>
    public async Task<bool> IsLastAdminAsync(Account account, CancellationToken cancellationToken) => account is { Role: AccountRole.Admin, DisabledAt: null }
        && !await Db.Accounts.AnyAsync(a => a.Id != account.Id && a.Role == AccountRole.Admin && a.DisabledAt == null, cancellationToken);

    public void Record(Actor actor, string action, Account account, string? reason = null) =>
        AuditLog.Add(Db, actor, action, account.Id, reason: reason);

    /// <summary>Identity's errors as one of ours; null when there are none.</summary>
    public static AccountOutcome? Failure(IdentityResult result, Account account)
    {
        var errors = result.Errors.ToList();
        return errors switch
        {
            [] => null,
            _ when errors.Any(e => e.Code is "DuplicateEmail" or "DuplicateUserName") => new AccountOutcome.EmailTaken(account.Email ?? ""),
            _ when errors.Any(e => e.Code is "InvalidEmail" or "InvalidUserName") => new AccountOutcome.EmailInvalid(account.Email ?? ""),
            _ when errors.Any(e => e.Code is "PasswordMismatch") => new AccountOutcome.PasswordWrong(),
            _ when errors.Any(e => e.Code is "InvalidToken") => new AccountOutcome.LinkDead(),
            _ when errors.Any(e => e.Code is "ConcurrencyFailure") => new AccountOutcome.ChangedMeanwhile(),
            _ => new AccountOutcome.PasswordRefused(errors.ConvertAll(e => e.Description)),
        };
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
