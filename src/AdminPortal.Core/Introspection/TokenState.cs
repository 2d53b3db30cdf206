using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Introspection;

/// <summary>What a service may know of a live token.</summary>
/// <param name="UserId">The person's id in <c>users</c> of the primary target.</param>
/// <param name="ExpiresAt">UTC; when the pairing ends by itself. It can end earlier.</param>
/// <param name="Scopes">In force now, those that FULL_ACCESS implies included.</param>
public sealed record TokenState(string UserId, string DeviceId, DeviceType DeviceType, DateTime ExpiresAt, IReadOnlyList<PermissionScope> Scopes);
