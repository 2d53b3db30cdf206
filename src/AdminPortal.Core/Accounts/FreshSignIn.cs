using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>What came of showing again that it is oneself.</summary>
public abstract record FreshSignInOutcome
{
    private FreshSignInOutcome()
    {
    }

    public sealed record Confirmed : FreshSignInOutcome;

    public sealed record Refused(string Message) : FreshSignInOutcome;
}

/// <summary>
/// Accounts, keys, exports of everyone, backups and protected targets need a sign-in of the last minutes, so that a tab left open is not enough.
/// Whoever signed in longer ago shows again what the sign-in took: the password, and the code where there is a second factor. It counts for the
/// session. Wrong passwords are counted for themselves, so that whoever sits at that tab cannot keep the person from signing in elsewhere. Who has
/// neither here signs in again. Whoever runs the program on its own machine is not asked.
/// </summary>
public sealed class FreshSignIn(SignInCheck check, SecondFactors factors, PasswordRule rule, IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>For the reading of what is about to happen.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>What the actor has to show now.</summary>
    /// <param name="always">True: who has a password types it even so, for what changes how one signs in.</param>
    public async Task<FreshProof> ProofAsync(Actor actor, CancellationToken cancellationToken, bool always = false)
    {
        var isFresh = await actor.IsFreshAsync(cancellationToken);
        if (isFresh && !always)
        {
            return FreshProof.Nothing;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var account = await db.Accounts.Where(a => a.Id == actor.Id).Select(a => new { a.Email, a.Role, HasPassword = a.PasswordHash != null, a.TwoFactorEnabled, HasPasskey = db.Passkeys.Any(p => p.UserId == a.Id) }).SingleOrDefaultAsync(cancellationToken);
        return (account is null || (account.HasPassword && rule.Allows(account.Email)), account?.TwoFactorEnabled) switch
        {
            (true, true) => FreshProof.PasswordAndCode,
            (true, _) when account is { HasPasskey: true } && factors.IsNeeded(account.Role) && !isFresh => FreshProof.Passkey,
            (true, _) => FreshProof.Password,
            _ when isFresh => FreshProof.Nothing,
            (_, true) => FreshProof.Code,
            _ => FreshProof.SignIn,
        };
    }

    /// <param name="actor">Who wants it.</param>
    /// <param name="typed">What <see cref="ProofAsync"/> asks for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="always">As <see cref="ProofAsync"/> was asked.</param>
    public async Task<FreshSignInOutcome> ConfirmAsync(Actor actor, FreshAnswer? typed, CancellationToken cancellationToken, bool always = false)
    {
        await actor.DemandStandingAsync(cancellationToken);
        var proof = await ProofAsync(actor, cancellationToken, always);
        if (proof is FreshProof.Nothing)
        {
            return new FreshSignInOutcome.Confirmed();
        }

        if (proof is FreshProof.SignIn)
        {
            return new FreshSignInOutcome.Refused("You have no password here: sign out and in again, and do this within five minutes. Nothing was changed.");
        }

        if (proof is FreshProof.Passkey)
        {
            return new FreshSignInOutcome.Refused("Confirm with your passkey on the page that the link opens, and try again here. Nothing was changed.");
        }

        if (!FreshAnswer.IsComplete(proof, typed))
        {
            var what = proof switch { FreshProof.Password => "password", FreshProof.Code => "code", _ => "password and a code" };
            return new FreshSignInOutcome.Refused($"Type your {what}. Nothing was changed.");
        }

        var refused = proof is FreshProof.Code ? null : Refusal("password", await check.ConfirmAsync(actor, typed!.Password!, cancellationToken));
        refused ??= proof is FreshProof.Password ? null : Refusal("code", await factors.CheckAsync(actor.Id, typed!.Code!, actor.Address, cancellationToken));
        if (refused is null && !always)
        {
            await RememberAsync(actor, cancellationToken);
        }

        return refused ?? new FreshSignInOutcome.Confirmed() as FreshSignInOutcome;
    }

    /// <summary>After a passkey was shown and found good.</summary>
    /// <returns>False: it was another account's.</returns>
    public async Task<bool> ConfirmedByPasskeyAsync(Actor actor, string accountId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (accountId != actor.Id)
        {
            return false;
        }

        await RememberAsync(actor, cancellationToken);
        return true;
    }

    /// <summary>Null: the actor may change the target as far as this goes.</summary>
    internal static async Task<string?> MissingAsync(Actor actor, TargetAccess access, string target, CancellationToken cancellationToken) =>
        access.Settings(target).Protected && !await actor.IsFreshAsync(cancellationToken) ? $"“{target}” is a protected target: confirm that it is you first." : null;

    private static FreshSignInOutcome.Refused? Refusal(string name, SignInOutcome judged) => judged switch
    {
        SignInOutcome.SignedIn => null,
        SignInOutcome.LockedOut locked => new($"Too many wrong {name}s: try again in {Math.Ceiling(locked.RetryAfter.TotalMinutes):F0} min. Nothing was changed."),
        SignInOutcome.Busy => new("Too many people sign in just now. Try again in a moment. Nothing was changed."),
        _ => new($"That is not your {name}. Nothing was changed."),
    };

    private async Task RememberAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.AccountSessions.Where(s => s.Id == actor.SessionId && s.AccountId == actor.Id && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ConfirmedAt, _ => DatabaseClock.Now()), cancellationToken);
    }
}
