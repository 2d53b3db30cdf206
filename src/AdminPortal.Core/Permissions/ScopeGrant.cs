using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>A scope that a device is to have, until a moment (UTC) or, when null, as long as its pairing lasts.</summary>
public sealed record ScopeGrant(PermissionScope Scope, DateTimeOffset? ExpiresAt = null);
