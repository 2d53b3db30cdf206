using AdminPortal.Core.Permissions;

namespace AdminPortal.Web.Permissions;

/// <summary>What a person saved: all scopes that the device is to have, and why.</summary>
public sealed record PermissionChange(IReadOnlyList<ScopeGrant> Grants, string? Reason);
