using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Accounts;

/// <summary>A sign-in as its owner sees it.</summary>
/// <param name="IsThis">The one that asks.</param>
public sealed record AccountSessionRow(
    string Id, AccountSessionKind Kind, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, string? Address, string? UserAgent, bool IsThis);

/// <summary>The account that signs in for a user of the service, as support sees it.</summary>
public sealed record UserAccount(string Email, AccountRole Role, bool IsDisabled, IReadOnlyList<AccountSessionRow> Sessions);
