using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Pairing;

/// <summary>
/// The device collects its token. The rows in device_pairings and device_permissions, the session's state and the history
/// commit together; the token is derived, so asking again after a lost reply or a crash gives the same one.
/// </summary>
public sealed class PairingCollection(DeviceDatabases databases, PairingLimits limits, PortalMeter meter, IOptions<PairingOptions> options)
{
    public async Task<CollectOutcome> CollectAsync(string sessionId, string pollToken, string? address, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        var found = !PairingSecrets.IsSessionId(sessionId) ? null : await db.PairingSessions.AsNoTracking().Where(s => s.Id == sessionId)
            .Select(s => new FoundSession(s, DatabaseClock.Now())).FirstOrDefaultAsync(cancellationToken);
        if (found is null || !PairingSecrets.Matches(pollToken, found.Session.ClaimKeyHash))
        {
            return limits.CountUnknownPoll(address) is { } wait ? new CollectOutcome.TooMany(wait) : new CollectOutcome.Unknown();
        }

        return found.Session.State switch
        {
            PairingState.Refused => Refusal(found.Session.EndReason),
            PairingState.Burnt => new CollectOutcome.Burnt(),
            PairingState.Collected => await AgainAsync(db, found, pollToken, cancellationToken),
            _ when found.Expired => new CollectOutcome.Expired(),
            PairingState.Confirmed => await IssueAsync(sessionId, pollToken, cancellationToken),
            _ => new CollectOutcome.Pending(found.Session.ExpiresAt),
        };
    }

    private async Task<CollectOutcome> AgainAsync(DeviceDbContext db, FoundSession found, string pollToken, CancellationToken cancellationToken)
    {
        var session = found.Session;
        if (session.Seed is null || session.CollectedAt?.AddSeconds(options.Value.ClaimedSeconds) <= found.Now)
        {
            return new CollectOutcome.AlreadyCollected();
        }

        var hash = PairingSecrets.TokenHash(PairingSecrets.Token(session.Seed, pollToken));
        var expiresAt = await db.DevicePairings.Where(p => p.Id == session.PairingId && p.SessionToken == hash && p.IsActive)
            .Select(p => (DateTime?)p.ExpiresAt).FirstOrDefaultAsync(cancellationToken);
        return expiresAt is null ? new CollectOutcome.AlreadyCollected() : Answer(session, pollToken, expiresAt.Value);
    }

    private async Task<CollectOutcome> IssueAsync(string sessionId, string pollToken, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await IssueOnceAsync(sessionId, pollToken, cancellationToken);
            }
            catch (DbUpdateException exception) when (attempt < 2 && exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // Another session created the same deviceId in between: the next round sees its row.
            }
        }
    }

    private async Task<CollectOutcome> IssueOnceAsync(string sessionId, string pollToken, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var session = await db.PairingSessions.FromSql($"""SELECT * FROM portal.pairing_sessions WHERE id = {sessionId} FOR UPDATE""").SingleAsync(cancellationToken);
        if (session.State != PairingState.Confirmed)
        {
            await transaction.RollbackAsync(cancellationToken);
            return await CollectAsync(sessionId, pollToken, session.Address, cancellationToken); // a second call was quicker
        }

        var existing = await HoldDeviceAsync(db, session.DeviceId!, cancellationToken);
        CollectOutcome outcome;
        var clock = await db.Users.Where(u => u.Id == session.UserId).Select(_ => (DateTimeOffset?)DatabaseClock.Now()).FirstOrDefaultAsync(cancellationToken);
        var now = clock.GetValueOrDefault(); // only used when the person exists
        var against = clock is null ? PairingEnds.AccountDisabled : Obstacle(existing, session, now);
        if ((against ?? await PairingPolicies.HoldAsync(db, session, existing?.Id, cancellationToken)) is { } obstacle)
        {
            session.State = PairingState.Refused;
            session.EndReason = obstacle;
            session.Seed = null;
            db.AddEvent(DeviceEventKind.Refused, session.UserId, DeviceActor(session), deviceId: session.DeviceId, reason: obstacle);
            outcome = Refusal(obstacle);
        }
        else
        {
            var pairing = await PairAsync(db, session, existing, pollToken, now, cancellationToken);
            session.State = PairingState.Collected;
            session.CollectedAt = now;
            session.PairingId = pairing.Id;
            outcome = Answer(session, pollToken, pairing.ExpiresAt);
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(session.UserId, session.PairingId, session.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (outcome is CollectOutcome.Paired)
        {
            meter.Completed();
        }

        return outcome;
    }

    /// <summary>The pairing of this device, held for the rest of the transaction; null when there is none, and whoever makes one meanwhile collides.</summary>
    private static async Task<DevicePairing?> HoldDeviceAsync(DeviceDbContext db, string deviceId, CancellationToken cancellationToken) =>
        await db.LockDeviceAsync(deviceId, cancellationToken)
            ? await db.DevicePairings.Where(p => p.DeviceId == deviceId).Include(p => p.Permissions).Include(p => p.State).SingleOrDefaultAsync(cancellationToken)
            : null;

    private static CollectOutcome Refusal(string? reason) => reason switch
    {
        PairingEnds.DeviceBelongsToAnother => new CollectOutcome.DeviceBelongsToAnother(),
        PairingEnds.DeviceQuarantined => new CollectOutcome.DeviceQuarantined(),
        PairingEnds.DeviceLimitReached => new CollectOutcome.DeviceLimitReached(),
        PairingEnds.DeviceTypeNotAllowed => new CollectOutcome.DeviceTypeNotAllowed(),
        _ => new CollectOutcome.Refused(reason),
    };

    private static string? Obstacle(DevicePairing? existing, PairingSession session, DateTimeOffset now) => existing switch
    {
        null => null,
        _ when existing.UserId == session.UserId => existing.State is null ? null : PairingEnds.DeviceQuarantined,
        { State: not null } => PairingEnds.DeviceBelongsToAnother,
        { IsActive: true } when existing.ExpiresAt > now.UtcDateTime => PairingEnds.DeviceBelongsToAnother,
        _ => null,
    };

    /// <summary>A new row, or the same person's old row with a new token; another person's ended row is replaced, never silently.</summary>
    private static async Task<DevicePairing> PairAsync(
        DeviceDbContext db, PairingSession session, DevicePairing? existing, string pollToken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var moved = existing is not null && existing.UserId != session.UserId;
        if (existing is not null)
        {
            await db.RememberTokenAsync(existing, moved ? "moved" : "replaced", cancellationToken);
        }

        if (moved)
        {
            db.AddEvent(DeviceEventKind.MovedAway, existing!.UserId, DeviceActor(session), existing.Id, existing.DeviceId);
            await db.NotifyAsync(new DeviceChange(existing.UserId, existing.Id, null), cancellationToken);
            db.DevicePairings.Remove(existing);
            await db.SaveChangesAsync(cancellationToken);
            existing = null;
        }

        var pairing = existing ?? new DevicePairing { Id = Ids.New(), UserId = session.UserId, DeviceId = session.DeviceId!, SessionToken = "", CreatedAt = now.UtcDateTime };
        pairing.SessionToken = PairingSecrets.TokenHash(PairingSecrets.Token(session.Seed!, pollToken));
        pairing.DeviceType = session.DeviceType!.Value;
        pairing.DeviceName = session.ChosenDeviceName ?? existing?.DeviceName ?? session.DeviceName; // pairing again renames nothing
        pairing.ExpiresAt = Timestamp3.Cut(now.UtcDateTime.AddDays(session.PairingDays));
        pairing.IpAddress = session.Address;
        pairing.UserAgent = session.UserAgent;
        pairing.IsActive = true;
        pairing.LastSeenAt = now.UtcDateTime;
        pairing.UpdatedAt = now.UtcDateTime;
        if (existing is null)
        {
            db.DevicePairings.Add(pairing);
        }

        db.DevicePermissions.RemoveRange(pairing.Permissions);
        foreach (var grant in ScopeJson.Read(session.Scopes))
        {
            db.DevicePermissions.Add(PermissionRows.New(pairing.Id, grant, now.UtcDateTime));
        }

        db.AddEvent(DeviceEventKind.Paired, session.UserId, DeviceActor(session), pairing.Id, pairing.DeviceId, detail: existing is null ? null : "Paired again.");
        db.AddNotice(NoticeKind.DevicePaired, session.UserId, DeviceActor(session), pairing.Id, pairing.DeviceName ?? DeviceTypeLabels.Of(pairing.DeviceType));
        return pairing;
    }

    private static CollectOutcome.Paired Answer(PairingSession session, string pollToken, DateTime expiresAt) => new(new PairedDevice(
        session.DeviceId!, PairingSecrets.Token(session.Seed!, pollToken), new DateTimeOffset(expiresAt, TimeSpan.Zero), ScopeJson.Read(session.Scopes)));

    private static Actor DeviceActor(PairingSession session) => new("device", session.DeviceName, null, null, session.Address);
}
