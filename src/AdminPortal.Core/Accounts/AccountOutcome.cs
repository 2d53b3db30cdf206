using AdminPortal.Core.SignInProviders;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Accounts;

/// <summary>What came of an act on an account. <paramref name="Message"/> is a sentence for the person who acted.</summary>
public abstract record AccountOutcome(string Message)
{
    /// <param name="DevicesPending">The devices are ended as soon as the managed database is back.</param>
    /// <param name="NeedsSecond">It is an admin's only when a second admin has confirmed it.</param>
    public sealed record Done(string AccountId, ResetLink? Link = null, bool DevicesPending = false, bool NeedsSecond = false)
        : AccountOutcome(DevicesPending ? "Done; the devices are ended as soon as their database is back." : NeedsSecond ? "It is an admin's when a second admin has confirmed it, on this page." : "Done.");

    /// <summary>With that, one admin alone could be two.</summary>
    public sealed record NeedsTwo() : AccountOutcome("Here two admins decide who is one, so nobody opens another admin's account alone. Give it another role first, or use the command line.");

    public sealed record NotAllowed() : AccountOutcome("Only an admin may do this.");

    public sealed record NotFound() : AccountOutcome("There is no such account (any more).");

    public sealed record EmailTaken(string Email) : AccountOutcome($"There is an account for {Email} already.");

    public sealed record EmailInvalid(string Email) : AccountOutcome($"'{Email}' is not an e-mail address.");

    public sealed record PasswordRefused(IReadOnlyList<string> Reasons) : AccountOutcome(string.Join(' ', Reasons));

    public sealed record PasswordWrong() : AccountOutcome("The current password is not right.");

    public sealed record TooManyMisses(TimeSpan Wait)
        : AccountOutcome($"Too many wrong passwords. Try again in {Math.Max(1, (int)Math.Ceiling(Wait.TotalMinutes))} minutes.");

    /// <summary>More passwords wait to be hashed than the portal can do.</summary>
    public sealed record Busy() : AccountOutcome("Too many people sign in just now. Nothing was changed; try again in a moment.");

    public sealed record PasskeyRefused(string Why) : AccountOutcome(Why);

    public sealed record LinkDead() : AccountOutcome("This link has been used or is too old. Ask for a new one.");

    public sealed record UserUnknown(string UserId) : AccountOutcome($"The primary database has no user '{UserId}'.");

    public sealed record UserTaken(string UserId) : AccountOutcome($"Another account is linked to the user '{UserId}' already.");

    public sealed record TargetAway() : AccountOutcome("The primary database is away or not migrated, so the user could not be looked up. Try again when it is ready.");

    public sealed record DevicesStillToEnd() : AccountOutcome("Devices of this account are still to be ended. Change the link when that is done.");

    public sealed record LastAdmin() : AccountOutcome($"This is the last enabled account with the role {AccountRole.Admin}. Make another one first.");

    public sealed record Oneself() : AccountOutcome("You cannot disable or demote yourself. Ask another admin.");

    public sealed record AccountDisabled() : AccountOutcome("The account is disabled. Enable it first.");

    /// <summary>Somebody signed in at a provider, and is not let in.</summary>
    internal sealed record ProviderRefused(ProviderRefusal Why, string? AccountId = null) : AccountOutcome("This sign-in is not let in.");

    public sealed record ProviderUnknown(string Name) : AccountOutcome($"SignIn:Providers has no '{Name}'.");

    public sealed record ConnectedElsewhere() : AccountOutcome("Another account is connected with this subject already.");

    public sealed record AddressOfStaff() : AccountOutcome("A directory changes the address of accounts with the role User only: who reads an admin's mail could become that admin.");

    /// <summary>Passwords are off, but for accounts that are named to break the glass.</summary>
    public sealed record PasswordsOff() : AccountOutcome("This portal takes no passwords. Sign in with your organisation.");

    /// <summary>Someone else changed the account at the same time.</summary>
    public sealed record ChangedMeanwhile() : AccountOutcome("Someone else changed this account just now. Look at it again.");
}
