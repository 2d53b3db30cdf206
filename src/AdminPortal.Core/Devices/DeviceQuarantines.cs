using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Suspends pairings and gives them back as they were, each with its history, its notices and its announcement in one commit.
/// Suspended: the token is refused and no scope holds, but token, scopes and expiry stay stored. Pairings that are not
/// as the act expects (ended, suspended already, not suspended) are left alone, so a second click changes nothing.
/// Who may do it is the caller's to check.
/// </summary>
internal static class DeviceQuarantines
{
    /// <summary>The word in <c>portal.token_history</c> while a pairing is suspended: there its receipt is kept.</summary>
    public const string Word = "quarantined";

    /// <summary>The pairings that this call suspended, in the caller's transaction or one of its own.</summary>
    public static async Task<IReadOnlyList<string>> SuspendAsync(
        DeviceDbContext db, Actor actor, string[] pairingIds, string reason, string? runId, CancellationToken cancellationToken)
    {
        if (pairingIds.Length == 0)
        {
            return [];
        }

        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.LockPairingsAsync(pairingIds, cancellationToken);
        var suspended = await db.Database.SqlQuery<string>($"""
            WITH suspended AS (
                UPDATE public.device_pairings p SET "isActive" = false, "updatedAt" = now() AT TIME ZONE 'utc'
                WHERE p.id = ANY ({pairingIds}) AND p."isActive"
                RETURNING p.id, p."userId", p."sessionToken"
            ), stated AS (
                INSERT INTO portal.device_state ("pairingId", reason, "actorId", "actorName")
                SELECT id, {reason}, {actor.Id}, {actor.Name} FROM suspended
                ON CONFLICT ("pairingId") DO UPDATE SET
                    reason = excluded.reason, "actorId" = excluded."actorId", "actorName" = excluded."actorName", "quarantinedAt" = now(), "acknowledgedAt" = NULL
            ), remembered AS (
                INSERT INTO portal.token_history (hash, "pairingId", "userId", reason, "connectionsCut", "callsSince")
                SELECT "sessionToken", id, "userId", {Word}, 0, 0 FROM suspended
                ON CONFLICT (hash) DO UPDATE SET
                    reason = excluded.reason, "endedAt" = now(), "requestedAt" = NULL, "connectionsCutAt" = NULL, "connectionsCut" = 0,
                    "acknowledgedAt" = NULL, "callsSince" = 0, "lastCallAt" = NULL, "lastCallAddress" = NULL
            )
            SELECT id AS "Value" FROM suspended
            """).ToListAsync(cancellationToken);
        await new DeviceTelling(DeviceEventKind.Quarantined, NoticeKind.DeviceQuarantined, actor, reason, runId).TellAsync(db, suspended, cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return suspended;
    }

    /// <summary>The pairings that this call released, in the caller's transaction or one of its own. One that ran out meanwhile is released too, and expired.</summary>
    /// <param name="onlyBy">Releases only what this actor suspended; null: whoever did it.</param>
    public static async Task<IReadOnlyList<string>> ReleaseAsync(
        DeviceDbContext db, Actor actor, string[] pairingIds, string? reason, string? runId, string? onlyBy, CancellationToken cancellationToken)
    {
        if (pairingIds.Length == 0)
        {
            return [];
        }

        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.LockPairingsAsync(pairingIds, cancellationToken);
        var released = await db.Database.SqlQuery<string>($"""
            WITH freed AS (
                DELETE FROM portal.device_state s
                WHERE s."pairingId" = ANY ({pairingIds}) AND ({onlyBy}::text IS NULL OR s."actorId" = {onlyBy})
                RETURNING s."pairingId"
            ), released AS (
                UPDATE public.device_pairings p SET "isActive" = true, "updatedAt" = now() AT TIME ZONE 'utc'
                FROM freed f WHERE p.id = f."pairingId"
                RETURNING p.id, p."userId", p."sessionToken"
            ), forgotten AS (
                DELETE FROM portal.token_history t USING released r WHERE t.hash = r."sessionToken" AND t.reason = {Word}
            )
            SELECT id AS "Value" FROM released
            """).ToListAsync(cancellationToken);
        await new DeviceTelling(DeviceEventKind.Released, NoticeKind.DeviceReleased, actor, reason, runId).TellAsync(db, released, cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return released;
    }
}
