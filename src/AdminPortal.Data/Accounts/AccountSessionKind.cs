namespace AdminPortal.Data.Accounts;

/// <summary>What keeps a sign-in; stored by name.</summary>
public enum AccountSessionKind
{
    /// <summary>A cookie.</summary>
    Browser,

    /// <summary>A bearer token and the refresh tokens that follow each other.</summary>
    Program,
}
