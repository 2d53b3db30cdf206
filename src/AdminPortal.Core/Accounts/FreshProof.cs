namespace AdminPortal.Core.Accounts;

/// <summary>What somebody shows again, so that a tab left open is not enough.</summary>
public enum FreshProof
{
    /// <summary>They signed in elsewhere only minutes ago.</summary>
    Nothing,
    Password,

    /// <summary>Of the authenticator app: they have no password here.</summary>
    Code,

    /// <summary>They have neither here: they sign out and in again.</summary>
    SignIn,
}
