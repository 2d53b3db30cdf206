namespace AdminPortal.Core.Accounts;

/// <summary>What is still missing after the password was right.</summary>
public enum SignInStep
{
    /// <summary>The session can start.</summary>
    Nothing,

    /// <summary>The password is one that the portal made up.</summary>
    NewPassword,

    /// <summary>A code of the second factor.</summary>
    Code,

    /// <summary>The role needs a second factor, and the account's are passkeys.</summary>
    Passkey,

    /// <summary>The role needs a second factor, and the account has none yet.</summary>
    SetUp,
}

/// <summary>How it stands with a sign-in after the password.</summary>
/// <param name="Stamp">The account's security stamp: when it is another, the sign-in begins anew.</param>
public sealed record SignInProgress(SignInStep Step, string Stamp);

/// <summary>A second factor that is being set up.</summary>
/// <param name="Key">For typing, in groups of four.</param>
/// <param name="Svg">The same as a QR code for authenticator apps.</param>
public sealed record SecondFactorSetup(string Key, string Svg)
{
    public override string ToString() => nameof(SecondFactorSetup); // never the key, wherever this is logged
}

/// <summary>What came of setting a second factor up, or of new recovery codes.</summary>
public abstract record SecondFactorOutcome
{
    private SecondFactorOutcome()
    {
    }

    /// <param name="RecoveryCodes">Shown once; each works once in place of a code.</param>
    public sealed record Done(IReadOnlyList<string> RecoveryCodes) : SecondFactorOutcome;

    public record Refused(string Message) : SecondFactorOutcome;

    /// <summary>Also for a right code.</summary>
    public sealed record LockedOut(TimeSpan Wait) : Refused($"Too many wrong codes. Try again in {Math.Max(1, (int)Math.Ceiling(Wait.TotalMinutes))} minutes.");
}
