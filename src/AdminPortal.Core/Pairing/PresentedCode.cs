using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Pairing;

/// <summary>Finds the session that a presented code means, and counts wrong secrets.</summary>
internal sealed class PresentedCode(IShortCodeKey shortCodeKey, PairingLimits limits, IOptions<PairingOptions> options)
{
    /// <summary>The session whose secret was presented, with the database's time; or why there is none.</summary>
    public async Task<(FoundSession? Found, ClaimOutcome? Failure)> FindAsync(DeviceDbContext db, ClaimRequest request, CancellationToken cancellationToken)
    {
        var byShortCode = !string.IsNullOrEmpty(request.ShortCode);
        var blocked = limits.ClaimBlockedFor(request.Address, byShortCode);
        if (byShortCode && blocked is { } pause)
        {
            return (null, new ClaimOutcome.TooMany(pause)); // even when right: a short code can be guessed
        }

        var found = byShortCode
            ? await ByShortCodeAsync(db, request.ShortCode!, cancellationToken)
            : await ByIdAsync(db, request.SessionId, cancellationToken);
        if (found is not null && (byShortCode || PairingSecrets.Matches(request.PairingCode!, found.Session.SecretHash)))
        {
            return (found, null);
        }

        if (blocked is { } wait)
        {
            return (null, new ClaimOutcome.TooMany(wait));
        }

        limits.CountFailure(request.Address, byShortCode);
        var burnt = found is not null && await CountMissAsync(db, found.Session, request, cancellationToken);
        return (null, burnt ? new ClaimOutcome.CodeBurnt() : new ClaimOutcome.CodeWrong());
    }

    private static async Task<FoundSession?> ByIdAsync(DeviceDbContext db, string? id, CancellationToken cancellationToken) =>
        PairingSecrets.IsSessionId(id) ? await Read(db.PairingSessions.Where(s => s.Id == id)).FirstOrDefaultAsync(cancellationToken) : null;

    private async Task<FoundSession?> ByShortCodeAsync(DeviceDbContext db, string typed, CancellationToken cancellationToken)
    {
        if (PairingSecrets.NormalizeShortCode(typed) is not { } code)
        {
            return null;
        }

        var hmac = await shortCodeKey.HmacAsync(code, cancellationToken);
        return await Read(db.PairingSessions.Where(s => s.ShortCodeHmac == hmac).OrderByDescending(s => s.CreatedAt)).FirstOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<FoundSession> Read(IQueryable<PairingSession> sessions) =>
        sessions.AsNoTracking().Select(s => new FoundSession(s, DatabaseClock.Now()));

    /// <summary>True when this miss was the last one allowed.</summary>
    private async Task<bool> CountMissAsync(DeviceDbContext db, PairingSession session, ClaimRequest request, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var maximum = options.Value.Limits.MissesPerSession;
        await db.PairingSessions.Where(s => s.Id == session.Id && s.State == PairingState.Open)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Misses, s => s.Misses + 1), cancellationToken);
        var burnt = await db.PairingSessions.Where(s => s.Id == session.Id && s.State == PairingState.Open && s.Misses >= maximum)
            .ExecuteUpdateAsync(
                set => set.SetProperty(s => s.State, PairingState.Burnt).SetProperty(s => s.EndReason, PairingEnds.TooManyMisses),
                cancellationToken);
        if (burnt > 0)
        {
            db.AddEvent(DeviceEventKind.CodeBurnt, session.UserId, Actor.Portal with { Address = request.Address }, reason: PairingEnds.TooManyMisses);
            await db.SaveChangesAsync(cancellationToken);
            await db.NotifyAsync(new DeviceChange(session.UserId, null, session.Id), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return burnt > 0;
    }
}

/// <summary>A session as it was read, and the time of the database then.</summary>
internal sealed record FoundSession(PairingSession Session, DateTimeOffset Now)
{
    public bool Expired => Session.ExpiresAt <= Now;
}
