using AdminPortal.Core.Pairing;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Whose token a request carries.</summary>
public abstract record DeviceTokenOutcome
{
    private DeviceTokenOutcome()
    {
    }

    /// <param name="Device">As the tables had it when the token was looked up, with the scopes in force then.</param>
    public sealed record Valid(string UserId, PairedDeviceRow Device) : DeviceTokenOutcome
    {
        public string PairingId => Device.Id;

        public string DeviceId => Device.DeviceId;
    }

    /// <summary>The device that a dead token belonged to, while its pairing is still there.</summary>
    public PairedDeviceRow? DeadDevice { get; init; }

    /// <summary>The person of <see cref="DeadDevice"/>.</summary>
    public string? DeadDeviceUserId { get; init; }

    public sealed record Revoked : DeviceTokenOutcome;

    public sealed record Quarantined : DeviceTokenOutcome;

    public sealed record Expired : DeviceTokenOutcome;

    public sealed record Unknown : DeviceTokenOutcome;

    /// <summary>A dead token that keeps calling. It has a limit of its own and never uses up anyone else's.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : DeviceTokenOutcome;
}

/// <summary>
/// Looks a device's token up by its hash: one SELECT for a live device and what it may do, on every request and without a
/// cache, so that a revocation or the end of a scope holds from the next request on.
/// </summary>
public sealed class DeviceTokens(DeviceDatabases databases, PairingLimits limits, DeadTokenCalls calls)
{
    public Task<DeviceTokenOutcome> AuthenticateAsync(string token, CancellationToken cancellationToken) =>
        AuthenticateAsync(token, call: null, cancellationToken);

    /// <param name="call">The device's own call: when its token is dead, the receipt counts it. Null: someone else asks about the token.</param>
    public async Task<DeviceTokenOutcome> AuthenticateAsync(string token, DeviceCall? call, CancellationToken cancellationToken)
    {
        var hash = PairingSecrets.TokenHash(token);
        var row = await TokenLookup.FindAsync(databases.KeyedDataSource, hash, cancellationToken);
        if (row is null or { Device.IsActive: false } or { Expired: true })
        {
            var wait = limits.CountRevokedCall(hash);
            var known = row is not null || (wait is null && await HasEndedAsync(hash, cancellationToken));
            if (call is not null && known)
            {
                calls.Count(hash, call.Address);
            }

            DeviceTokenOutcome dead = row switch
            {
                _ when wait is { } time => new DeviceTokenOutcome.TooMany(time),
                { Quarantined: true } => new DeviceTokenOutcome.Quarantined(),
                { Device.IsActive: false } => new DeviceTokenOutcome.Revoked(),
                not null => new DeviceTokenOutcome.Expired(),
                null => known ? new DeviceTokenOutcome.Revoked() : new DeviceTokenOutcome.Unknown(),
            };
            return dead with { DeadDevice = row?.Device, DeadDeviceUserId = row?.UserId };
        }

        if (row.CanBeCollectedAgain)
        {
            // The first use ends the ten minutes in which the token could be collected again.
            await using var db = databases.CreateKeyedDbContext();
            await db.PairingSessions.Where(s => s.PairingId == row.Device.Id && s.Seed != null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.Seed, (byte[]?)null), cancellationToken);
        }

        var seen = row.SeenLongAgo ? await TokenLookup.SeeAsync(databases.KeyedDataSource, row.Device.Id, cancellationToken) : null;
        return new DeviceTokenOutcome.Valid(row.UserId, seen is { } now ? row.Device with { LastSeenAt = now } : row.Device);
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

    private async Task<bool> HasEndedAsync(string hash, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        return await db.EndedTokens.AnyAsync(t => t.Hash == hash, cancellationToken);
    }
}

/// <summary>Where a device called from.</summary>
public sealed record DeviceCall(string? Address);
