using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Ends pairings: token dead, hash remembered (the receipt of the revocation), open requests void, history written, people and
/// pages told, in one commit. Pairings that have ended already are left alone, so a second click or a second admin changes nothing.
/// </summary>
internal static class DeviceEndings
{
    /// <summary>The pairings that this call ended.</summary>
    public static Task<IReadOnlyList<string>> EndAsync(
        DeviceDbContext db, Actor actor, string[] pairingIds, string? reason, CancellationToken cancellationToken) =>
        EndAsync(db, actor, pairingIds, reason, runId: null, requestedAt: null, cancellationToken);

    /// <summary>The pairings that this call ended, in the caller's transaction or one of its own.</summary>
    /// <param name="runId">The run that does it: pages hear of it once, and people once for all their devices.</param>
    /// <param name="requestedAt">When a person asked for it, if it waited for a run since; null: now.</param>
    public static async Task<IReadOnlyList<string>> EndAsync(
        DeviceDbContext db, Actor actor, string[] pairingIds, string? reason, string? runId, DateTimeOffset? requestedAt,
        CancellationToken cancellationToken)
    {
        if (pairingIds.Length == 0)
        {
            return [];
        }

        var requested = requestedAt?.ToUniversalTime();
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.LockPairingsAsync(pairingIds, cancellationToken);
        // Not composed upon: a statement that changes rows cannot be anybody's subquery.
        var ended = await db.Database.SqlQuery<string>($"""
            WITH wanted AS (
                SELECT p.id, p."isActive" FROM public.device_pairings p WHERE p.id = ANY ({pairingIds})
            ), suspended AS (
                DELETE FROM portal.device_state s USING wanted w WHERE s."pairingId" = w.id RETURNING s."pairingId"
            ), ended AS (
                UPDATE public.device_pairings p SET "isActive" = false, "updatedAt" = now() AT TIME ZONE 'utc'
                FROM wanted w
                WHERE p.id = w.id AND (w."isActive" OR w.id IN (SELECT "pairingId" FROM suspended))
                RETURNING p.id, p."userId", p."sessionToken"
            ), remembered AS (
                INSERT INTO portal.token_history (hash, "pairingId", "userId", reason, "requestedAt", "connectionsCut", "callsSince")
                SELECT "sessionToken", id, "userId", 'revoked', {requested}::timestamptz, 0, 0 FROM ended
                ON CONFLICT (hash) DO UPDATE SET
                    reason = 'revoked', "endedAt" = now(), "requestedAt" = excluded."requestedAt", "connectionsCutAt" = NULL, "connectionsCut" = 0,
                    "acknowledgedAt" = NULL, "callsSince" = 0, "lastCallAt" = NULL, "lastCallAddress" = NULL
            ), voided AS (
                UPDATE portal.permission_requests r SET state = 'void', "decidedAt" = now()
                FROM ended e WHERE r."pairingId" = e.id AND r.state = 'open'
            )
            SELECT id AS "Value" FROM ended
            """).ToListAsync(cancellationToken);
        await new DeviceTelling(DeviceEventKind.Revoked, NoticeKind.DeviceRevoked, actor, reason, runId).TellAsync(db, ended, cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return ended;
    }
}
