using AdminPortal.Core.Devices;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Introspection;

/// <summary>
/// Tells services what a device's token allows at this moment: by the tables, without a cache, so that a revocation or the
/// end of a scope holds from the next question on. A question is a use of the token, as a call of the device itself is.
/// </summary>
public sealed class TokenIntrospection(DeviceDatabases databases, DeviceTokens tokens)
{
    private static readonly PermissionScope[] EveryScope = Enum.GetValues<PermissionScope>();

    private static readonly Func<DeviceDbContext, string, IAsyncEnumerable<GrantRow>> Read = EF.CompileAsyncQuery(
        (DeviceDbContext db, string pairingId) =>
            from pairing in db.DevicePairings
            where pairing.Id == pairingId && pairing.IsActive && pairing.ExpiresAt > DatabaseClock.UtcNow()
            from grant in db.DevicePermissions
                .Where(g => g.DevicePairingId == pairing.Id && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())).DefaultIfEmpty()
            select new GrantRow(pairing.UserId, pairing.DeviceId, pairing.DeviceType, pairing.ExpiresAt, grant == null ? null : grant.Permission));

    /// <summary>Null for everything that is not a live token: unknown, revoked, quarantined, expired.</summary>
    public async Task<TokenState?> IntrospectAsync(string token, CancellationToken cancellationToken)
    {
        if (await tokens.AuthenticateAsync(token, cancellationToken) is not DeviceTokenOutcome.Valid device)
        {
            return null;
        }

        await using var db = databases.CreateKeyedDbContext();
        GrantRow? first = null;
        var scopes = new List<PermissionScope>();
        await foreach (var row in Read(db, device.PairingId).WithCancellation(cancellationToken))
        {
            first ??= row;
            if (row.Scope is { } scope)
            {
                scopes.Add(scope);
            }
        }

        return first is null
            ? null // ended between the two reads
            : new TokenState(
                first.UserId, first.DeviceId, first.DeviceType, first.ExpiresAt,
                scopes.Contains(PermissionScope.FullAccess) ? EveryScope : [.. scopes.Order()]);
    }

    private sealed record GrantRow(string UserId, string DeviceId, DeviceType DeviceType, DateTime ExpiresAt, PermissionScope? Scope);
}
