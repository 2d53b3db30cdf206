using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Pairing;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Ends what a disabled account holds: its devices, and the codes that could still become devices.</summary>
internal sealed class AccountDevices(IDbContextFactory<DeviceDbContext> databases) : IAccountDevices
{
    public async Task EndAllAsync(string? userId, IReadOnlyList<LinkSpan> stood, Actor actor, string reason, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Codes first: one that is confirmed in this moment would otherwise become a device after the devices were ended.
        await RefuseAsync(db.PairingSessions.Where(s => s.UserId == userId), cancellationToken);
        var pairings = new HashSet<string>(await LiveAsync(db.DevicePairings.Where(p => p.UserId == userId), cancellationToken));
        foreach (var (person, from, until) in stood)
        {
            await RefuseAsync(db.PairingSessions.Where(s => s.UserId == person && s.CreatedAt >= from && (until == null || s.CreatedAt <= until)), cancellationToken);
            var paired = db.DeviceEvents.Where(e => e.Kind == DeviceEventKind.Paired && e.UserId == person && e.At >= from && (until == null || e.At <= until)
                && !db.DeviceEvents.Any(again => again.PairingId == e.PairingId && again.Kind == DeviceEventKind.Paired && again.Id > e.Id));
            pairings.UnionWith(await LiveAsync(db.DevicePairings.Where(p => paired.Any(e => e.PairingId == p.Id)), cancellationToken));
        }

        await DeviceEndings.EndAsync(db, actor, [.. pairings], reason, cancellationToken);
        foreach (var person in stood.Select(span => span.UserId).Append(userId).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            await db.NotifyAsync(new DeviceChange(person, null, null), cancellationToken);
        }
    }

    private static Task<int> RefuseAsync(IQueryable<PairingSession> codes, CancellationToken cancellationToken) => codes
        .Where(s => s.State == PairingState.Open || s.State == PairingState.Claimed || s.State == PairingState.Confirmed)
        .ExecuteUpdateAsync(
            set => set.SetProperty(s => s.State, PairingState.Refused).SetProperty(s => s.EndReason, PairingEnds.AccountDisabled)
                .SetProperty(s => s.Seed, (byte[]?)null),
            cancellationToken);

    private static Task<string[]> LiveAsync(IQueryable<DevicePairing> pairings, CancellationToken cancellationToken) =>
        pairings.Where(p => p.IsActive || p.State != null).Select(p => p.Id).ToArrayAsync(cancellationToken);
}
