using AdminPortal.Core.Devices;

namespace AdminPortal.Core.Introspection;

/// <summary>
/// Tells services what a device's token allows at this moment: by the tables, without a cache, so that a revocation or the
/// end of a scope holds from the next question on. A question is a use of the token, as a call of the device itself is.
/// </summary>
public sealed class TokenIntrospection(DeviceTokens tokens)
{
    /// <summary>Null for everything that is not a live token: unknown, revoked, quarantined, expired.</summary>
    public async Task<TokenState?> IntrospectAsync(string token, CancellationToken cancellationToken) =>
        await tokens.AuthenticateAsync(token, cancellationToken) is DeviceTokenOutcome.Valid device ? TokenState.Of(device) : null;
}
