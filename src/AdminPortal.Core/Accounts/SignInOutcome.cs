namespace AdminPortal.Core.Accounts;

/// <summary>What came of an e-mail address and a password.</summary>
public abstract record SignInOutcome
{
    public sealed record SignedIn(string AccountId) : SignInOutcome;

    /// <summary>The same for a wrong password and an address without an account.</summary>
    public sealed record Wrong : SignInOutcome;

    /// <summary>Also for addresses without an account, and also for the right password: a lock that tells would not lock.</summary>
    public sealed record LockedOut(TimeSpan RetryAfter) : SignInOutcome;

    /// <summary>Said only to who knew the password.</summary>
    public sealed record Disabled : SignInOutcome;

    /// <summary>More sign-ins wait than the portal can look at. Nothing was counted.</summary>
    public sealed record Busy : SignInOutcome;
}
