using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Accounts;

/// <summary>An account as lists show it.</summary>
/// <param name="LockedUntil">Set while wrong passwords keep it locked.</param>
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
    bool IsSample);

/// <summary>One page of accounts, and how many there are in all.</summary>
public sealed record AccountList(IReadOnlyList<AccountRow> Rows, int Total);

/// <summary>A new account. Without a password, a reset link is made for its owner to choose one.</summary>
public sealed record CreateAccount(string Email, AccountRole Role, string? Password = null, string? UserId = null, bool IsSample = false);
