using AdminPortal.Core.Pairing;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Whose token a request carries.</summary>
public abstract record DeviceTokenOutcome
{
    private DeviceTokenOutcome()
    {
    }

    public sealed record Valid(string PairingId, string DeviceId, string UserId) : DeviceTokenOutcome;

    public sealed record Revoked : DeviceTokenOutcome;

    public sealed record Quarantined : DeviceTokenOutcome;

    public sealed record Expired : DeviceTokenOutcome;

    public sealed record Unknown : DeviceTokenOutcome;

    /// <summary>A dead token that keeps calling. It has a limit of its own and never uses up anyone else's.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : DeviceTokenOutcome;
}

/// <summary>
/// Looks a device's token up by its hash: one SELECT for a live device, on every request and without a cache, so that a
/// revocation holds from the next request on.
/// </summary>
public sealed class DeviceTokens(DeviceDatabases databases, PairingLimits limits, DeadTokenCalls calls)
{
    private static readonly Func<DeviceDbContext, string, CancellationToken, Task<TokenRow?>> Lookup = EF.CompileAsyncQuery(
        (DeviceDbContext db, string hash, CancellationToken _) => db.DevicePairings.Where(p => p.SessionToken == hash)
            .Select(p => new TokenRow(
                p.Id, p.DeviceId, p.UserId, p.IsActive,
                p.ExpiresAt <= DatabaseClock.UtcNow(),
                p.LastSeenAt < DatabaseClock.UtcNow().AddMinutes(-1),
                p.State != null,
                db.PairingSessions.Any(s => s.PairingId == p.Id && s.Seed != null)))
            .FirstOrDefault());

    public Task<DeviceTokenOutcome> AuthenticateAsync(string token, CancellationToken cancellationToken) =>
        AuthenticateAsync(token, call: null, cancellationToken);

    /// <param name="call">The device's own call: when its token is dead, the receipt counts it. Null: someone else asks about the token.</param>
    public async Task<DeviceTokenOutcome> AuthenticateAsync(string token, DeviceCall? call, CancellationToken cancellationToken)
    {
        var hash = PairingSecrets.TokenHash(token);
        await using var db = databases.CreateKeyedDbContext();
        var row = await Lookup(db, hash, cancellationToken);
        if (row is null or { IsActive: false } or { Expired: true })
        {
            var wait = limits.CountRevokedCall(hash);
            var known = row is not null || (wait is null && await db.EndedTokens.AnyAsync(t => t.Hash == hash, cancellationToken));
            if (call is not null && known)
            {
                calls.Count(hash, call.Address);
            }

            return row switch
            {
                _ when wait is { } time => new DeviceTokenOutcome.TooMany(time),
                { Quarantined: true } => new DeviceTokenOutcome.Quarantined(),
                { IsActive: false } => new DeviceTokenOutcome.Revoked(),
                not null => new DeviceTokenOutcome.Expired(),
                null => known ? new DeviceTokenOutcome.Revoked() : new DeviceTokenOutcome.Unknown(),
            };
        }

        if (row.CanBeCollectedAgain)
        {
            // The first use ends the ten minutes in which the token could be collected again.
            await db.PairingSessions.Where(s => s.PairingId == row.PairingId && s.Seed != null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.Seed, (byte[]?)null), cancellationToken);
        }

        if (row.SeenLongAgo)
        {
            await db.DevicePairings.Where(p => p.Id == row.PairingId && p.LastSeenAt < DatabaseClock.UtcNow().AddMinutes(-1))
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.LastSeenAt, _ => DatabaseClock.UtcNow()), cancellationToken);
        }

        return new DeviceTokenOutcome.Valid(row.PairingId, row.DeviceId, row.UserId);
    }

    /// <summary>Notes that the device knows that its pairing has ended or is suspended: with the dead token, as often as it likes.</summary>
    public async Task<AcknowledgeOutcome> AcknowledgeAsync(string token, string? address, CancellationToken cancellationToken)
    {
        switch (await AuthenticateAsync(token, cancellationToken))
        {
            case DeviceTokenOutcome.Valid or DeviceTokenOutcome.Expired:
                return new AcknowledgeOutcome.NothingEnded();
            case DeviceTokenOutcome.TooMany { RetryAfter: var wait }:
                return new AcknowledgeOutcome.TooMany(wait);
            case DeviceTokenOutcome.Revoked or DeviceTokenOutcome.Quarantined:
                await using (var db = databases.CreateDbContext())
                {
                    return await DeviceReceipts.AcknowledgeAsync(db, PairingSecrets.TokenHash(token), address, cancellationToken) is { } at
                        ? new AcknowledgeOutcome.Noted(at)
                        : new AcknowledgeOutcome.Unknown();
                }

            default:
                return new AcknowledgeOutcome.Unknown();
        }
    }

    private sealed record TokenRow(
        string PairingId, string DeviceId, string UserId, bool IsActive, bool Expired, bool SeenLongAgo, bool Quarantined, bool CanBeCollectedAgain);
}

/// <summary>Where a device called from.</summary>
public sealed record DeviceCall(string? Address);
