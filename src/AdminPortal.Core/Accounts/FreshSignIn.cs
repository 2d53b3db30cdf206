using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>What came of typing the password again.</summary>
public abstract record FreshSignInOutcome
{
    private FreshSignInOutcome()
    {
    }

    /// <param name="Actor">The same person, and that they confirmed it just now.</param>
    public sealed record Confirmed(Actor Actor) : FreshSignInOutcome;

    public sealed record Refused(string Message) : FreshSignInOutcome;
}

/// <summary>
/// Before a protected target is changed, its admin types the password again, so that a tab left open is not enough. Wrong ones are counted
/// for themselves, so that whoever sits at that tab cannot keep the person from signing in elsewhere. Who has no password here types a
/// code of the authenticator app, or has signed in only now. Whoever runs the program on its own machine is not asked.
/// </summary>
public sealed class FreshSignIn(SignInCheck check, SecondFactors factors, PasswordRule rule, IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <summary>For the reading of what is about to happen.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>What the actor has to show now.</summary>
    public async Task<FreshProof> ProofAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var account = await db.Accounts.Where(a => a.Id == actor.Id).Select(a => new { a.Email, HasPassword = a.PasswordHash != null, a.TwoFactorEnabled }).SingleOrDefaultAsync(cancellationToken);
        if (account is null || (account.HasPassword && rule.Allows(account.Email)))
        {
            return FreshProof.Password;
        }

        var since = time.GetUtcNow() - Lasts;
        return await db.AccountSessions.AnyAsync(s => s.Id == actor.SessionId && s.StartedAt > since, cancellationToken) ? FreshProof.Nothing
            : account.TwoFactorEnabled ? FreshProof.Code
            : FreshProof.SignIn;
    }

    /// <param name="actor">Who wants it.</param>
    /// <param name="typed">What <see cref="ProofAsync"/> asks for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<FreshSignInOutcome> ConfirmAsync(Actor actor, string? typed, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        var proof = await ProofAsync(actor, cancellationToken);
        var name = proof is FreshProof.Code ? "code" : "password";
        return proof switch
        {
            FreshProof.SignIn => new FreshSignInOutcome.Refused("You have no password here: sign out and in again, and do this within five minutes. Nothing was changed."),
            FreshProof.Password or FreshProof.Code when string.IsNullOrEmpty(typed) => new FreshSignInOutcome.Refused($"Type your {name}. Nothing was changed."),
            _ => await JudgeAsync(actor, proof, typed, cancellationToken) switch
            {
                SignInOutcome.SignedIn => new FreshSignInOutcome.Confirmed(actor with { ConfirmedAt = time.GetUtcNow() }),
                SignInOutcome.LockedOut locked => new FreshSignInOutcome.Refused($"Too many wrong {name}s: try again in {Math.Ceiling(locked.RetryAfter.TotalMinutes):F0} min. Nothing was changed."),
                SignInOutcome.Busy => new FreshSignInOutcome.Refused("Too many people sign in just now. Try again in a moment. Nothing was changed."),
                _ => new FreshSignInOutcome.Refused($"That is not your {name}. Nothing was changed."),
            },
        };
    }

    private async Task<SignInOutcome> JudgeAsync(Actor actor, FreshProof proof, string? typed, CancellationToken cancellationToken) => proof switch
    {
        FreshProof.Password => await check.ConfirmAsync(actor, typed!, cancellationToken),
        FreshProof.Code => await factors.CheckAsync(actor.Id, typed!, actor.Address, cancellationToken),
        _ => new SignInOutcome.SignedIn(actor.Id),
    };

    /// <summary>Null: the actor may change the target as far as this goes.</summary>
    internal static string? Missing(Actor actor, TargetAccess access, string target, TimeProvider time) =>
        access.Settings(target).Protected && actor.Id != Actor.CommandLine.Id && !(actor.ConfirmedAt > time.GetUtcNow() - Lasts)
            ? $"“{target}” is a protected target: confirm that it is you first." : null;
}
