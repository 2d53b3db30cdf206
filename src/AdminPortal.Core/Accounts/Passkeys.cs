using System.Buffers.Text;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Accounts;

/// <summary>A passkey as its owner sees it; times in UTC.</summary>
/// <param name="Id">Of the credential, in base64url.</param>
/// <param name="IsSynced">Its keeper copies it to the person's other devices.</param>
public sealed record PasskeyRow(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool IsSynced);

/// <summary>
/// The passkeys of accounts. The device that holds one asks for a finger, a face or a PIN, so that a passkey is password and second factor in one.
/// What a browser sends is judged by ASP.NET Core Identity before it comes here.
/// </summary>
public sealed class Passkeys(IServiceScopeFactory scopes, IDbContextFactory<PortalDbContext> contexts, PasswordRule rule, RefusedAttempts refused, TimeProvider time)
{
    private const int Most = 20;

    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Passkeys.AsNoTracking().Where(p => p.UserId == actor.Id)
            .Select(p => new { p.CredentialId, p.Data.Name, p.Data.CreatedAt, p.Data.IsBackedUp, LastUsedAt = EF.Property<DateTimeOffset?>(p, AccountPasskey.LastUsedAt) }).ToListAsync(cancellationToken);
        return [.. rows.OrderBy(p => p.CreatedAt).Select(p => new PasskeyRow(Base64Url.EncodeToString(p.CredentialId), p.Name ?? "Passkey", p.CreatedAt, p.LastUsedAt, p.IsBackedUp))];
    }

    public async Task<bool> HasAnyAsync(string accountId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Passkeys.AnyAsync(p => p.UserId == accountId, cancellationToken);
    }

    /// <param name="passkey">As Identity judged it to be good.</param>
    /// <param name="name">What its owner calls it; null: "Passkey".</param>
    public async Task<AccountOutcome> AddAsync(Actor actor, UserPasskeyInfo passkey, string? name, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (Names.Check(name, "The name") is { } problem && Names.Clean(name) is not null)
        {
            return new AccountOutcome.PasskeyRefused(problem);
        }

        passkey.Name = Names.Clean(name) ?? "Passkey";
        return await AccountChange.RunAsync(scopes, actor, actor.Id, async (work, account) =>
        {
            if (await work.Db.Passkeys.CountAsync(p => p.UserId == account.Id, cancellationToken) >= Most)
            {
                return new AccountOutcome.PasskeyRefused($"There are {Most} passkeys already. Remove those that you do not use.");
            }

            work.Record(actor, "passkey.added", account, passkey.Name);
            return AccountChange.Failure(await work.Users.AddOrUpdatePasskeyAsync(account, passkey), account) ?? new AccountOutcome.Done(account.Id);
        }, cancellationToken);
    }

    /// <summary>It opens nothing from now on.</summary>
    public async Task<AccountOutcome> RemoveAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (!Base64Url.IsValid(id))
        {
            return new AccountOutcome.PasskeyRefused("There is no such passkey any more.");
        }

        var credential = Base64Url.DecodeFromChars(id);
        return await AccountChange.RunAsync(scopes, actor, actor.Id, async (work, account) =>
        {
            if (await work.Users.GetPasskeyAsync(account, credential) is not { } passkey)
            {
                return new AccountOutcome.PasskeyRefused("There is no such passkey any more.");
            }

            work.Record(actor, "passkey.removed", account, passkey.Name);
            return AccountChange.Failure(await work.Users.RemovePasskeyAsync(account, credential), account) ?? new AccountOutcome.Done(account.Id);
        }, cancellationToken);
    }

    /// <summary>After Identity judged an assertion to be good: whether its account may sign in. Remembers the use.</summary>
    /// <param name="signsIn">False: it confirms who is signed in already, or knew the password.</param>
    public async Task<SignInOutcome> UseAsync(Account account, UserPasskeyInfo passkey, bool signsIn, string? address, CancellationToken cancellationToken)
    {
        var outcome = await AccountChange.RunAsync(scopes, Actor.Anonymous(address), account.Id, async (work, now) =>
        {
            if (now.DisabledAt is not null || !rule.Allows(now.Email) || await work.Users.GetPasskeyAsync(now, passkey.CredentialId) is not { } stored
                || (stored.SignCount > 0 && passkey.SignCount <= stored.SignCount)) // two answers at once: one of them is a copy
            {
                return new AccountOutcome.AccountDisabled();
            }

            now.LastSignInAt = signsIn ? time.GetUtcNow() : now.LastSignInAt;
            await work.Users.AddOrUpdatePasskeyAsync(now, passkey); // its count of uses
            await work.Db.Passkeys.Where(p => p.CredentialId == passkey.CredentialId)
                .ExecuteUpdateAsync(set => set.SetProperty(p => EF.Property<DateTimeOffset?>(p, AccountPasskey.LastUsedAt), _ => DatabaseClock.Now()), cancellationToken);
            AuditLog.Add(work.Db, Actor.Anonymous(address) with { Id = now.Id, Name = now.Email, Role = now.Role }, signsIn ? "sign-in.ok" : "passkey.used", now.Id, "ok", $"passkey {passkey.Name}");
            return new AccountOutcome.Done(now.Id);
        }, cancellationToken);
        if (outcome is AccountOutcome.Done)
        {
            return new SignInOutcome.SignedIn(account.Id);
        }

        await RefuseAsync(address, "the passkey's account is disabled or not allowed");
        return new SignInOutcome.Disabled();
    }

    /// <summary>On record, bounded per source.</summary>
    public Task RefuseAsync(string? address, string reason) => refused.NoteAsync(Actor.Anonymous(address), "a passkey", reason);
}
