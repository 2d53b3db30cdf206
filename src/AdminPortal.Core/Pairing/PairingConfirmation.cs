using System.Text.Json;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Pairing;

/// <summary>The user's side of a pairing: watch it, confirm it with the device's number, refuse or withdraw it.</summary>
public sealed class PairingConfirmation(
    DeviceDatabases databases, AccountStanding accounts, AccountLinks links, IOptions<PairingOptions> options)
{
    /// <summary>The actor's own session, or null.</summary>
    public async Task<PairingStatus?> FindAsync(Actor actor, string sessionId, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        return (await ReadAsync(db, actor, sessionId, cancellationToken))?.ToStatus();
    }

    /// <summary>The session in which a device waits for this person's answer, for a page that was closed or reloaded meanwhile; or null.</summary>
    public async Task<PairingStatus?> FindWaitingAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        var found = await db.PairingSessions.AsNoTracking()
            .Where(s => s.UserId == actor.UserId && s.State == PairingState.Claimed && s.ExpiresAt > DatabaseClock.Now())
            .OrderByDescending(s => s.ClaimedAt)
            .Select(s => new FoundSession(s, DatabaseClock.Now())).FirstOrDefaultAsync(cancellationToken);
        return found?.ToStatus();
    }

    /// <summary>Lets the device collect its token, if the digits are the ones it shows. A wrong answer ends the session.</summary>
    public async Task<ConfirmOutcome> ConfirmAsync(Actor actor, string sessionId, string matchNumber, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = databases.CreateKeyedDbContext();
        var found = await ReadAsync(db, actor, sessionId, cancellationToken);
        if (found is null)
        {
            return new ConfirmOutcome.NotFound();
        }

        var status = found.ToStatus();
        if (status.Stage is PairingStage.Confirmed or PairingStage.Collected)
        {
            return new ConfirmOutcome.Done(status); // a second click, or a second tab
        }

        if (status.Stage is not PairingStage.Claimed)
        {
            return new ConfirmOutcome.Ended(status);
        }

        if (!PairingSecrets.MatchNumberIs(found.Session.Seed!, matchNumber.Trim()))
        {
            return await EndAsync(db, actor, found.Session, PairingState.Claimed, PairingEnds.WrongNumber, cancellationToken)
                ? new ConfirmOutcome.WrongNumber()
                : new ConfirmOutcome.Ended((await ReadAsync(db, actor, sessionId, cancellationToken))!.ToStatus());
        }

        var policies = await HeldPolicies.ForAsync(db, found.Session.UserId, null, cancellationToken);
        if (!await accounts.IsInGoodStandingAsync(actor, cancellationToken) || !await links.HoldsAsync(actor, cancellationToken)
            || ScopeRules.NeedAdmin(actor, ScopeJson.Read(found.Session.Scopes), policies).Count > 0)
        {
            await EndAsync(db, actor, found.Session, PairingState.Claimed, PairingEnds.AccountDisabled, cancellationToken);
            return new ConfirmOutcome.NotAllowed();
        }

        var lives = found.Now.AddSeconds(options.Value.ClaimedSeconds);
        var confirmed = await ChangeAsync(
            db, actor, found.Session, PairingState.Claimed, PairingState.Confirmed, null, lives, DeviceEventKind.Confirmed, cancellationToken);
        if (confirmed)
        {
            (found.Session.State, found.Session.ExpiresAt) = (PairingState.Confirmed, lives);
            return new ConfirmOutcome.Done(found.ToStatus());
        }

        var after = (await ReadAsync(db, actor, sessionId, cancellationToken))!.ToStatus();
        return after.Stage is PairingStage.Confirmed or PairingStage.Collected ? new ConfirmOutcome.Done(after) : new ConfirmOutcome.Ended(after);
    }

    /// <summary>Says no, or takes an unclaimed code back. A pairing that is complete is ended on its device's page instead.</summary>
    public async Task<ConfirmOutcome> RefuseAsync(Actor actor, string sessionId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = databases.CreateKeyedDbContext();
        var found = await ReadAsync(db, actor, sessionId, cancellationToken);
        if (found is null)
        {
            return new ConfirmOutcome.NotFound();
        }

        if (found.Session.State is PairingState.Open or PairingState.Claimed or PairingState.Confirmed)
        {
            var reason = found.Session.State is PairingState.Open ? PairingEnds.Withdrawn : PairingEnds.RefusedByUser;
            await EndAsync(db, actor, found.Session, found.Session.State, reason, cancellationToken);
        }

        var after = (await ReadAsync(db, actor, sessionId, cancellationToken))!.ToStatus();
        return after.Stage is PairingStage.Refused ? new ConfirmOutcome.Done(after) : new ConfirmOutcome.Ended(after);
    }

    private static Task<bool> EndAsync(
        DeviceDbContext db, Actor actor, PairingSession session, PairingState from, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(
            db, actor, session, from, PairingState.Refused, reason, session.ExpiresAt,
            reason == PairingEnds.Withdrawn ? null : DeviceEventKind.Refused, cancellationToken);

    /// <summary>Moves the session on, if it still is where it was read; the history and the announcement commit with it.</summary>
    private static async Task<bool> ChangeAsync(
        DeviceDbContext db, Actor actor, PairingSession session, PairingState from, PairingState to, string? reason,
        DateTimeOffset expiresAt, string? kind, CancellationToken cancellationToken)
    {
        var (before, after, refused) = (from.ToString().ToLowerInvariant(), to.ToString().ToLowerInvariant(), to == PairingState.Refused);
        var (role, change) = (actor.Role?.ToString(), JsonSerializer.Serialize(new DeviceChange(session.UserId, null, session.Id)));
        // One statement, which commits by itself.
        var changed = await db.Database.SqlQuery<int>($"""
            WITH changed AS (
                UPDATE portal.pairing_sessions SET state = {after}, "endReason" = {reason}, "expiresAt" = {expiresAt}, seed = CASE WHEN NOT {refused} THEN seed END
                WHERE id = {session.Id} AND state = {before} AND ({refused} OR "expiresAt" > now())
                RETURNING "userId", "deviceId"
            ), written AS (
                INSERT INTO portal.device_events (kind, "userId", "deviceId", "actorId", "actorName", "actorRole", address, reason)
                SELECT {kind}, "userId", "deviceId", {actor.Id}, {actor.Name}, {role}, {actor.Address}, {reason} FROM changed WHERE {kind}::text IS NOT NULL
            ), told AS (
                SELECT pg_notify({DeviceChangeListener.Channel}, {change}) FROM changed
            )
            SELECT count(*)::int AS "Value" FROM told
            """).ToListAsync(cancellationToken);
        return changed is [1];
    }

    private static async Task<FoundSession?> ReadAsync(DeviceDbContext db, Actor actor, string sessionId, CancellationToken cancellationToken) =>
        !PairingSecrets.IsSessionId(sessionId) ? null : await db.PairingSessions.AsNoTracking().Where(s => s.Id == sessionId && s.UserId == actor.UserId)
            .Select(s => new FoundSession(s, DatabaseClock.Now())).FirstOrDefaultAsync(cancellationToken);
}
