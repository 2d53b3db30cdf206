using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Accounts;

/// <summary>An account as lists show it.</summary>
/// <param name="LockedUntil">Set while too many wrong passwords keep some browser or network from signing in to it.</param>
public sealed record AccountRow(
    string Id,
    string Email,
    AccountRole Role,
    string? AppUserId,
    bool HasPassword,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? DevicesToEndSince,
    DateTimeOffset? LockedUntil,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt,
    bool IsSample,
    bool HasSecondFactor)
{
    /// <summary>Set: the account stood for a person who is not there any more, until an admin links it again.</summary>
    public LostLink? LostLink { get; init; }

    /// <summary>Its owner can sign in with a passkey.</summary>
    public bool HasPasskeys { get; init; }

    /// <summary>Set: an admin wants it to be an admin's, and a second one has not confirmed it yet.</summary>
    public AdminProposal? AdminProposal { get; init; }
}

/// <summary>One page of accounts, and how many there are in all.</summary>
public sealed record AccountList(IReadOnlyList<AccountRow> Rows, int Total);

/// <summary>A new account. Without a password, a reset link is made for its owner to choose one.</summary>
/// <param name="MustChangePassword">True: the password is good for one sign-in, which chooses another.</param>
public sealed record CreateAccount(string Email, AccountRole Role, string? Password = null, string? UserId = null, bool IsSample = false, bool MustChangePassword = false);
