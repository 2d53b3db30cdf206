namespace AdminPortal.Core.Accounts;

/// <summary>What somebody shows again, so that a tab left open is not enough.</summary>
public enum FreshProof
{
    /// <summary>They signed in, or showed it, only minutes ago.</summary>
    Nothing,
    Password,

    /// <summary>Of the authenticator app: they have no password here.</summary>
    Code,

    /// <summary>They have both.</summary>
    PasswordAndCode,

    /// <summary>They sign in with that, and it is their second factor: on a page of its own (<c>/account/confirm</c>).</summary>
    Passkey,

    /// <summary>They have neither here: they sign out and in again.</summary>
    SignIn,
}

/// <summary>What was typed for a <see cref="FreshProof"/>.</summary>
public sealed record FreshAnswer(string? Password = null, string? Code = null)
{
    /// <summary>What is asked for is there; whether it is right is another question.</summary>
    public static bool IsComplete(FreshProof proof, FreshAnswer? typed) => proof switch
    {
        FreshProof.Nothing or FreshProof.Passkey => true,
        FreshProof.SignIn => false,
        _ => (proof is FreshProof.Code || !string.IsNullOrEmpty(typed?.Password)) && (proof is FreshProof.Password || !string.IsNullOrWhiteSpace(typed?.Code)),
    };
}
