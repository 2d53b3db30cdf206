using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;

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
/// for themselves, so that whoever sits at that tab cannot keep the person from signing in elsewhere. Whoever runs the program on its own
/// machine is not asked.
/// </summary>
public sealed class FreshSignIn(SignInCheck check, TimeProvider time)
{
    /// <summary>For the reading of what is about to happen.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    public async Task<FreshSignInOutcome> ConfirmAsync(Actor actor, string? password, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return string.IsNullOrEmpty(password)
            ? new FreshSignInOutcome.Refused("Type your password. Nothing was changed.")
            : await check.ConfirmAsync(actor, password, cancellationToken) switch
            {
                SignInOutcome.SignedIn => new FreshSignInOutcome.Confirmed(actor with { ConfirmedAt = time.GetUtcNow() }),
                SignInOutcome.LockedOut locked => new FreshSignInOutcome.Refused($"Too many wrong passwords: try again in {Math.Ceiling(locked.RetryAfter.TotalMinutes):F0} min. Nothing was changed."),
                SignInOutcome.Busy => new FreshSignInOutcome.Refused("Too many people sign in just now. Try again in a moment. Nothing was changed."),
                _ => new FreshSignInOutcome.Refused("That is not your password. Nothing was changed."),
            };
    }

    /// <summary>Null: the actor may change the target as far as this goes.</summary>
    internal static string? Missing(Actor actor, TargetAccess access, string target, TimeProvider time) =>
        access.Settings(target).Protected && actor.Id != Actor.CommandLine.Id && !(actor.ConfirmedAt > time.GetUtcNow() - Lasts)
            ? $"“{target}” is a protected target: type your password again first." : null;
}
