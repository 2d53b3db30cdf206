using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Introspection;

/// <summary>What a service may know of a live token.</summary>
/// <param name="UserId">The person's id in <c>users</c> of the primary target.</param>
/// <param name="ExpiresAt">UTC; when the pairing ends by itself. It can end earlier.</param>
/// <param name="Scopes">In force now, those that FULL_ACCESS implies included.</param>
public sealed record TokenState(string UserId, string DeviceId, DeviceType DeviceType, DateTime ExpiresAt, IReadOnlyList<PermissionScope> Scopes)
{
    private static readonly PermissionScope[] EveryScope = Enum.GetValues<PermissionScope>();

    /// <summary>As the tables had it when the token was looked up.</summary>
    public static TokenState Of(DeviceTokenOutcome.Valid token)
    {
        PermissionScope[] scopes = [.. token.Device.Permissions.Select(p => p.Scope)];
        return new TokenState(
            token.UserId, token.DeviceId, token.Device.DeviceType, token.Device.ExpiresAt, scopes.Contains(PermissionScope.FullAccess) ? EveryScope : [.. scopes.Order()]);
    }
}
