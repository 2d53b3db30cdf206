namespace AdminPortal.Data.Accounts;

/// <summary>What an account may do in the portal; stored by name. An account has exactly one role.</summary>
public enum AccountRole
{
    /// <summary>Own devices only.</summary>
    User,

    /// <summary>Reads everyone's devices and sync status; changes nothing.</summary>
    Support,

    /// <summary>Everything, including accounts and the databases.</summary>
    Admin,
}
