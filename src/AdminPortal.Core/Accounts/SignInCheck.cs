using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// The one place where a password is checked for signing in. Tries on one account take turns (its row is locked), so that
/// a burst of guesses cannot slip past the count.
/// </summary>
public sealed class SignInCheck
{
    private readonly IServiceScopeFactory scopes;
    private readonly UnknownEmailMisses unknown;
    private readonly TimeProvider time;
    private readonly PasswordHasher<Account> decoyHasher;
    private readonly Lazy<string> decoyHash;

    public SignInCheck(IServiceScopeFactory scopes, UnknownEmailMisses unknown, IOptions<PasswordHasherOptions> hashing, TimeProvider time)
    {
        (this.scopes, this.unknown, this.time) = (scopes, unknown, time);
        decoyHasher = new PasswordHasher<Account>(hashing);
        decoyHash = new Lazy<string>(() => decoyHasher.HashPassword(new Account(), Ids.New()));
    }

    public async Task<SignInOutcome> CheckAsync(string email, string password, string? address, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        if (password.Length > SignInRules.MaximumPasswordLength)
        {
            password = ""; // no account has it, and hashing megabytes is work for nothing
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var normalized = users.NormalizeEmail(email.Trim()) ?? "";
        var found = await db.Accounts
            .FromSql($"""SELECT * FROM portal.accounts WHERE "normalizedEmail" = {normalized} FOR UPDATE""").ToListAsync(cancellationToken);
        var outcome = found is [var account]
            ? await CheckAccountAsync(scope.ServiceProvider, account, password, address)
            : CheckNobody(scope.ServiceProvider, normalized, password, address);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    private async Task<SignInOutcome> CheckAccountAsync(IServiceProvider services, Account account, string password, string? address)
    {
        var users = services.GetRequiredService<UserManager<Account>>();
        var db = services.GetRequiredService<PortalDbContext>();
        var actor = Actor.Anonymous(address);
        if (await users.IsLockedOutAsync(account))
        {
            VerifyDecoy(password);
            AuditLog.Add(db, actor, "sign-in.failed", account.Id, "refused", "locked");
            return Locked(account.LockoutEnd);
        }

        if (account.PasswordHash is null)
        {
            VerifyDecoy(password);
        }

        if (!await users.CheckPasswordAsync(account, password))
        {
            await users.AccessFailedAsync(account);
            var locked = await users.IsLockedOutAsync(account);
            AuditLog.Add(db, actor, "sign-in.failed", account.Id, "failed", "wrong password");
            if (locked)
            {
                AuditLog.Add(db, actor, "sign-in.locked", account.Id, reason: $"{SignInRules.MissesBeforeLockOut} misses");
            }

            return locked ? Locked(account.LockoutEnd) : new SignInOutcome.Wrong();
        }

        if (account.DisabledAt is not null)
        {
            AuditLog.Add(db, actor, "sign-in.failed", account.Id, "refused", "disabled");
            return new SignInOutcome.Disabled();
        }

        account.LastSignInAt = time.GetUtcNow();
        await users.ResetAccessFailedCountAsync(account);
        AuditLog.Add(db, actor with { Id = account.Id, Name = account.Email, Role = account.Role }, "sign-in.ok", account.Id);
        return new SignInOutcome.SignedIn(
            await services.GetRequiredService<IUserClaimsPrincipalFactory<Account>>().CreateAsync(account));
    }

    private SignInOutcome CheckNobody(IServiceProvider services, string normalizedEmail, string password, string? address)
    {
        VerifyDecoy(password);
        AuditLog.Add(services.GetRequiredService<PortalDbContext>(), Actor.Anonymous(address), "sign-in.failed", null, "failed", "no such account");
        return unknown.Register(normalizedEmail) is { } until ? Locked(until) : new SignInOutcome.Wrong();
    }

    /// <summary>The same work as for an account with a password, so that the time taken tells nothing.</summary>
    private void VerifyDecoy(string password) => decoyHasher.VerifyHashedPassword(new Account(), decoyHash.Value, password);

    private SignInOutcome.LockedOut Locked(DateTimeOffset? until)
    {
        var left = (until ?? time.GetUtcNow()) - time.GetUtcNow();
        return new SignInOutcome.LockedOut(left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1));
    }
}
