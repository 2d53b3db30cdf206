using AdminPortal.Core.Activity;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Devices;

/// <summary>What came of a device's wish that its pairing goes on; times in UTC.</summary>
public abstract record RenewOutcome
{
    private RenewOutcome()
    {
    }

    public sealed record Done(DateTime ExpiresAt) : RenewOutcome;

    /// <summary>Half of the pairing's time is not over yet.</summary>
    public sealed record TooEarly(DateTime From) : RenewOutcome;

    /// <summary>It lasts as long as it may since a person paired it, or the policies no longer allow such a device.</summary>
    public sealed record NotAllowed() : RenewOutcome;

    /// <summary>The pairing ended meanwhile.</summary>
    public sealed record NotActive() : RenewOutcome;
}

/// <summary>
/// Lets a pairing go on without a person: for as long again as its owner gave it, and never longer, counted from when they paired it, than
/// any pairing may last (<c>Pairing:MaximumDays</c> and the policy of the longest pairing).
/// </summary>
public sealed class DeviceRenewals(IDbContextFactory<DeviceDbContext> databases, IOptions<PairingOptions> options)
{
    public async Task<RenewOutcome> RenewAsync(string pairingId, string? address, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockPairingsAsync([pairingId], cancellationToken);
        var found = await db.DevicePairings.Where(p => p.Id == pairingId).Select(p => new { Pairing = p, Now = DatabaseClock.UtcNow() }).SingleOrDefaultAsync(cancellationToken);
        if (found is not { Pairing: { IsActive: true } pairing, Now: var now } || pairing.ExpiresAt <= now)
        {
            return new RenewOutcome.NotActive();
        }

        var begun = await db.DeviceEvents.Where(e => e.PairingId == pairingId && (e.Kind == DeviceEventKind.Paired || e.Kind == DeviceEventKind.Renewed))
            .GroupBy(e => e.Kind).Select(g => new { g.Key, At = g.Max(e => e.At) }).ToDictionaryAsync(g => g.Key, g => g.At.UtcDateTime, cancellationToken);
        var pairedAt = begun.GetValueOrDefault(DeviceEventKind.Paired, pairing.CreatedAt);
        var length = pairing.ExpiresAt - begun.Values.Append(pairedAt).Max();
        if (now < pairing.ExpiresAt - (length / 2))
        {
            return new RenewOutcome.TooEarly(pairing.ExpiresAt - (length / 2));
        }

        var policies = await HeldPolicies.ForAsync(db, pairing.UserId, pairingId, cancellationToken);
        var longest = pairedAt.AddDays(policies.Cap(options.Value.MaximumDays));
        var until = Timestamp3.Cut(now + length < longest ? now + length : longest);
        if (until <= pairing.ExpiresAt || !policies.Allows(pairing.DeviceType))
        {
            return new RenewOutcome.NotAllowed();
        }

        (pairing.ExpiresAt, pairing.UpdatedAt) = (until, now);
        db.AddEvent(
            DeviceEventKind.Renewed, pairing.UserId, new Actor("device", pairing.DeviceName, null, null, address), pairing.Id, pairing.DeviceId, detail: $"until {until:yyyy-MM-dd}");
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairing.Id, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RenewOutcome.Done(until);
    }
}
