using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// The one place where a password is checked. A try is counted before it is looked at, and taken back when it was right. Nothing is held
/// while a password is hashed, and an address without an account is answered as one with, in the same time.
/// </summary>
public sealed class SignInCheck(
    IDbContextFactory<PortalDbContext> contexts, ILookupNormalizer normalizer, SignInThrottle throttle, PasswordHashing hashing, PasswordRule rule, TimeProvider time)
{
    /// <summary>For signing in.</summary>
    public async Task<SignInOutcome> CheckAsync(string email, string password, SignInSource source, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeEmail(email.Trim()) ?? "";
        var account = await FindAsync(a => a.NormalizedEmail == normalized, cancellationToken);
        var tried = new Try(account, password, throttle.Of(normalized, account?.Id, source), Actor.Anonymous(source.Address), "sign-in");
        return await RunAsync(tried, cancellationToken);
    }

    /// <summary>For somebody who is signed in and types the password again.</summary>
    public async Task<SignInOutcome> ConfirmAsync(Actor actor, string password, CancellationToken cancellationToken) =>
        await FindAsync(a => a.Id == actor.Id, cancellationToken) is { NormalizedEmail: { } email } account
            ? await RunAsync(new Try(account, password, throttle.OfTypedAgain(email), actor, "password-check"), cancellationToken)
            : new SignInOutcome.Wrong();

    private async Task<Account?> FindAsync(System.Linq.Expressions.Expression<Func<Account, bool>> which, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().SingleOrDefaultAsync(which, cancellationToken);
    }

    private async Task<SignInOutcome> RunAsync(Try tried, CancellationToken cancellationToken)
    {
        if (await throttle.WaitAsync(tried.Brakes, cancellationToken) is { } locked)
        {
            return Locked(locked); // in no time, and for everybody: neither a look at the password nor a hash
        }

        // No account has so long a password, and hashing megabytes is work for nothing.
        var password = tried.Password.Length > SignInRules.MaximumPasswordLength ? "" : tried.Password;
        CountedTry counted;
        PasswordVerificationResult judged;
        using (var turn = await hashing.EnterAsync(cancellationToken))
        {
            if (turn is null)
            {
                return new SignInOutcome.Busy();
            }

            counted = await throttle.CountAsync(tried.Brakes, cancellationToken); // in the turn: who waits for one has not tried yet
            if (counted.Wait is { } wait)
            {
                return Locked(wait);
            }

            judged = hashing.Verify(rule.Allows(tried.Account?.Email) ? tried.Account?.PasswordHash : null, password); // in the same time for all
        }

        var right = judged is not PasswordVerificationResult.Failed;
        if (right)
        {
            await throttle.SucceededAsync(tried.Brakes, CancellationToken.None);
        }

        return await RecordAsync(tried, right, judged, counted, cancellationToken);
    }

    private async Task<SignInOutcome> RecordAsync(
        Try tried, bool right, PasswordVerificationResult judged, CountedTry counted, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var account = tried.Account;
        if (!right)
        {
            AuditLog.Add(db, tried.Actor, $"{tried.Name}.failed", account?.Id, "failed", account is null ? "no such account" : rule.Allows(account.Email) ? "wrong password" : "passwords are off");
            if (counted.Locks is not null)
            {
                AuditLog.Add(db, tried.Actor, $"{tried.Name}.locked", account?.Id, "refused", "too many misses");
            }

            await db.SaveChangesAsync(cancellationToken);
            return counted.Locks is { } locks ? Locked(locks) : new SignInOutcome.Wrong();
        }

        // The account as it is now: while the password was hashed, it may have been disabled or have got another one.
        var now = time.GetUtcNow();
        var hash = judged is PasswordVerificationResult.SuccessRehashNeeded ? await RehashAsync(tried, cancellationToken) : account!.PasswordHash;
        var stands = await db.Accounts.Where(a => a.Id == account!.Id && a.DisabledAt == null && a.PasswordHash == account.PasswordHash)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastSignInAt, now).SetProperty(a => a.PasswordHash, hash), cancellationToken) > 0;
        var actor = stands ? tried.Actor with { Id = account!.Id, Name = account.Email, Role = account.Role } : tried.Actor;
        AuditLog.Add(db, actor, stands ? $"{tried.Name}.ok" : $"{tried.Name}.failed", account!.Id, stands ? "ok" : "refused", stands ? null : "disabled");
        await db.SaveChangesAsync(cancellationToken);
        return stands ? new SignInOutcome.SignedIn(account.Id) : account.DisabledAt is null ? new SignInOutcome.Wrong() : new SignInOutcome.Disabled();
    }

    /// <summary>With the number of rounds of today; the old hash when nobody has time for it.</summary>
    private async Task<string> RehashAsync(Try tried, CancellationToken cancellationToken)
    {
        using var turn = await hashing.EnterAsync(cancellationToken);
        return turn is null ? tried.Account!.PasswordHash! : hashing.Hash(tried.Password);
    }

    private static SignInOutcome.LockedOut Locked(TimeSpan left) => new(left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));

    private sealed record Try(Account? Account, string Password, IReadOnlyList<SignInBrake> Brakes, Actor Actor, string Name);
}
