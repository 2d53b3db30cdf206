using AdminPortal.Core.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Introspection;

/// <summary>
/// Tells services what a device's token allows at this moment: by the tables, without a cache, so that a revocation or the
/// end of a scope holds from the next question on. A question is a use of the token, as a call of the device itself is.
/// </summary>
public sealed class TokenIntrospection(DeviceTokens tokens)
{
    private static readonly PermissionScope[] EveryScope = Enum.GetValues<PermissionScope>();

    /// <summary>Null for everything that is not a live token: unknown, revoked, quarantined, expired.</summary>
    public async Task<TokenState?> IntrospectAsync(string token, CancellationToken cancellationToken)
    {
        if (await tokens.AuthenticateAsync(token, cancellationToken) is not DeviceTokenOutcome.Valid { Device: var device, UserId: var userId })
        {
            return null;
        }

        PermissionScope[] scopes = [.. device.Permissions.Select(p => p.Scope)];
        return new TokenState(
            userId, device.DeviceId, device.DeviceType, device.ExpiresAt, scopes.Contains(PermissionScope.FullAccess) ? EveryScope : [.. scopes.Order()]);
    }
}
