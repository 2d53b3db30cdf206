using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Ends pairings: token dead, hash remembered, history written, pages told, in one commit.
/// Pairings that have ended already are left alone, so a second click or a second admin changes nothing.
/// </summary>
internal static class DeviceEndings
{
    /// <summary>How many pairings this call ended.</summary>
    public static async Task<int> EndAsync(
        DeviceDbContext db, Actor actor, string[] pairingIds, string? reason, CancellationToken cancellationToken)
    {
        if (pairingIds.Length == 0)
        {
            return 0;
        }

        var role = actor.Role?.ToString();
        var change = JsonSerializer.Serialize(DeviceChange.Everything);
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.LockPairingsAsync(pairingIds, cancellationToken);
        // Not composed upon: a statement that changes rows cannot be anybody's subquery.
        var ended = await db.Database.SqlQuery<int>($"""
            WITH wanted AS (
                SELECT p.id, p."isActive" FROM public.device_pairings p WHERE p.id = ANY ({pairingIds})
            ), suspended AS (
                DELETE FROM portal.device_state s USING wanted w WHERE s."pairingId" = w.id RETURNING s."pairingId"
            ), ended AS (
                UPDATE public.device_pairings p SET "isActive" = false, "updatedAt" = now() AT TIME ZONE 'utc'
                FROM wanted w
                WHERE p.id = w.id AND (w."isActive" OR w.id IN (SELECT "pairingId" FROM suspended))
                RETURNING p.id, p."userId", p."deviceId", p."sessionToken"
            ), remembered AS (
                INSERT INTO portal.token_history (hash, "pairingId", "userId", reason)
                SELECT "sessionToken", id, "userId", 'revoked' FROM ended ON CONFLICT (hash) DO NOTHING
            ), written AS (
                INSERT INTO portal.device_events (kind, "userId", "pairingId", "deviceId", "actorId", "actorName", "actorRole", address, reason)
                SELECT {DeviceEventKind.Revoked}, "userId", id, "deviceId", {actor.Id}, {actor.Name}, {role}, {actor.Address}, {reason} FROM ended
            ), told AS (
                SELECT pg_notify({DeviceChangeListener.Channel}, CASE WHEN (SELECT count(*) FROM ended) > 50 THEN {change}
                    ELSE json_build_object('UserId', "userId", 'PairingId', id, 'SessionId', NULL)::text END)
                FROM ended
            )
            SELECT (SELECT count(*) FROM ended)::int + 0 * (SELECT count(*) FROM told)::int AS "Value"
            """).ToListAsync(cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return ended[0];
    }
}
