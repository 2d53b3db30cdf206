using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Permissions;

/// <param name="Expired">Grants whose end was recorded.</param>
/// <param name="Voided">Open requests of pairings that ran out.</param>
public sealed record ExpiringResult(int Expired, int ScopesEnding, int PairingsEnding, int Voided);

/// <summary>
/// Writes down what the clock has done, and says beforehand what it will do: each grant's end once, each warning once for
/// 7 days and once for 1 day before. A grant whose end is moved is spoken of anew. What was granted for a shorter time
/// than that is not warned of so early. Statements take a few thousand rows at a time.
/// </summary>
public sealed class ExpiringGrants(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>Ends that lie further back were recorded, or the portal stood still for longer than anyone remembers.</summary>
    private const int DaysBack = 35;
    private const int Batch = 2000;

    /// <summary>The shorter first: who is told that something ends tomorrow needs not hear that it ends within a week.</summary>
    private static readonly int[] Windows = [1, 7];

    public async Task<ExpiringResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var expired = await RecordEndsAsync(db, cancellationToken);
        var (scopes, pairings) = (0, 0);
        for (var i = 0; i < Windows.Length; i++)
        {
            var (days, from) = (Windows[i], i == 0 ? 0 : Windows[i - 1]);
            scopes += await InBatchesAsync(() => TellOfScopesAsync(db, days, from, cancellationToken));
            pairings += await InBatchesAsync(() => TellOfPairingsAsync(db, days, from, cancellationToken));
        }

        var voided = await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.permission_requests r SET state = {RequestState.Void}, "decidedAt" = now()
             FROM public.device_pairings p WHERE r.state = {RequestState.Open} AND p.id = r."pairingId" AND p."expiresAt" <= now() AT TIME ZONE 'utc'
             """,
            cancellationToken);
        return new ExpiringResult(expired, scopes, pairings, voided);
    }

    private static async Task<int> InBatchesAsync(Func<Task<int>> step)
    {
        for (var done = 0; ;)
        {
            var count = await step();
            done += count;
            if (count < Batch)
            {
                return done;
            }
        }
    }

    /// <summary>
    /// Walks the ends in their order, a batch in each statement. Whether one is recorded is looked up among the events of its own device:
    /// the kind is kept out of reach of its index, which holds every end of every device.
    /// </summary>
    private static async Task<int> RecordEndsAsync(DeviceDbContext db, CancellationToken cancellationToken)
    {
        for (var (done, place) = (0, new Place(0, "-infinity", "")); ;)
        {
            var (ends, id) = (place.Ends!, place.Id!);
            place = (await db.Database.SqlQuery<Place>(
                $"""
                 WITH batch AS (
                     SELECT g.id, g."expiresAt", p.id AS pairing, p."userId", p."deviceId",
                         g.permission::text || ' on ' || to_char(g."expiresAt", 'YYYY-MM-DD HH24:MI:SS') || ' UTC' AS detail
                     FROM public.device_permissions g JOIN public.device_pairings p ON p.id = g."devicePairingId"
                     WHERE g."expiresAt" <= now() AT TIME ZONE 'utc' AND g."expiresAt" > now() AT TIME ZONE 'utc' - make_interval(days => {DaysBack})
                       AND (g."expiresAt", g.id) > ({ends}::timestamp, {id})
                       AND (p."isActive" OR EXISTS (SELECT 1 FROM portal.device_state s WHERE s."pairingId" = p.id))
                     ORDER BY g."expiresAt", g.id LIMIT {Batch}
                 ), written AS (
                     INSERT INTO portal.device_events (kind, "userId", "pairingId", "deviceId", "actorId", "actorName", detail)
                     SELECT {DeviceEventKind.PermissionExpired}, b."userId", b.pairing, b."deviceId", {Actor.Portal.Id}, {Actor.Portal.Name}, b.detail
                     FROM batch b
                     WHERE (SELECT count(*) FROM portal.device_events e
                            WHERE e."pairingId" = b.pairing AND e.kind || '' = {DeviceEventKind.PermissionExpired} AND e.detail = b.detail) = 0
                     RETURNING 1
                 ), last AS (
                     SELECT "expiresAt"::text AS ends, id FROM batch ORDER BY "expiresAt" DESC, id DESC LIMIT 1
                 )
                 SELECT (SELECT count(*) FROM written)::int AS "Written", (SELECT ends FROM last) AS "Ends", (SELECT id FROM last) AS "Id"
                 """).ToListAsync(cancellationToken))[0];
            done += place.Written;
            if (place.Id is null)
            {
                return done;
            }
        }
    }

    /// <summary>One notice for a device, with all of its scopes that are due. A grant that outlives its pairing is not spoken of: the pairing is.</summary>
    private static async Task<int> TellOfScopesAsync(DeviceDbContext db, int days, int from, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<int>(
            $"""
             WITH due AS (
                 SELECT g."devicePairingId" AS id, g.permission::text AS scope, g."expiresAt" AS ends, {"scopes-expiring-" + days + ":"} || g.permission::text AS told
                 FROM public.device_permissions g JOIN public.device_pairings p ON p.id = g."devicePairingId"
                 WHERE g."expiresAt" > now() AT TIME ZONE 'utc' + make_interval(days => {from}) AND g."expiresAt" <= now() AT TIME ZONE 'utc' + make_interval(days => {days})
                   AND g."grantedAt" < g."expiresAt" - make_interval(days => {days})
                   AND p."isActive" AND p."expiresAt" > g."expiresAt"
                   AND NOT EXISTS (
                       SELECT 1 FROM portal.policy_warnings w
                       WHERE w.policy = {"scopes-expiring-" + days + ":"} || g.permission::text AND w."pairingId" = g."devicePairingId"
                         AND w."warnedAt" AT TIME ZONE 'utc' >= g."expiresAt" - make_interval(days => {days}))
                 ORDER BY g."expiresAt", g.id LIMIT {Batch}
             ), kept AS (
                 INSERT INTO portal.policy_warnings (policy, "pairingId") SELECT told, id FROM due
                 ON CONFLICT (policy, "pairingId") DO UPDATE SET "warnedAt" = now()
             ), noticed AS (
                 INSERT INTO portal.notice_outbox (kind, "userId", "pairingId", "deviceTitle", "actorId", "actorName", detail)
                 SELECT {NoticeKind.ScopesExpiring}, p."userId", p.id, coalesce(p."deviceName", (
                     SELECT l.word FROM unnest({DeviceTypeLabels.Stored}, {DeviceTypeLabels.Words}) AS l(stored, word) WHERE l.stored = p."deviceType"::text)),
                     {Actor.Portal.Id}, {Actor.Portal.Name}, string_agg(d.scope || ' until ' || to_char(d.ends, 'YYYY-MM-DD HH24:MI') || ' UTC', ', ' ORDER BY d.ends, d.scope)
                 FROM due d JOIN public.device_pairings p ON p.id = d.id GROUP BY p.id
             )
             SELECT count(*)::int AS "Value" FROM due
             """).ToListAsync(cancellationToken))[0];

    private static async Task<int> TellOfPairingsAsync(DeviceDbContext db, int days, int from, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<int>(
            $"""
             WITH due AS (
                 SELECT p.* FROM public.device_pairings p
                 WHERE p."expiresAt" > now() AT TIME ZONE 'utc' + make_interval(days => {from}) AND p."expiresAt" <= now() AT TIME ZONE 'utc' + make_interval(days => {days})
                   AND p."isActive" AND p."createdAt" < p."expiresAt" - make_interval(days => {days})
                   AND NOT EXISTS (
                       SELECT 1 FROM portal.policy_warnings w
                       WHERE w.policy = {"pairing-expiring-" + days} AND w."pairingId" = p.id AND w."warnedAt" AT TIME ZONE 'utc' >= p."expiresAt" - make_interval(days => {days}))
                 ORDER BY p."expiresAt", p.id LIMIT {Batch}
             ), kept AS (
                 INSERT INTO portal.policy_warnings (policy, "pairingId") SELECT {"pairing-expiring-" + days}, id FROM due
                 ON CONFLICT (policy, "pairingId") DO UPDATE SET "warnedAt" = now()
             ), noticed AS (
                 INSERT INTO portal.notice_outbox (kind, "userId", "pairingId", "deviceTitle", "actorId", "actorName", detail)
                 SELECT {NoticeKind.PairingExpiring}, d."userId", d.id, coalesce(d."deviceName", (
                     SELECT l.word FROM unnest({DeviceTypeLabels.Stored}, {DeviceTypeLabels.Words}) AS l(stored, word) WHERE l.stored = d."deviceType"::text)),
                     {Actor.Portal.Id}, {Actor.Portal.Name}, 'until ' || to_char(d."expiresAt", 'YYYY-MM-DD HH24:MI') || ' UTC'
                 FROM due d
             )
             SELECT count(*)::int AS "Value" FROM due
             """).ToListAsync(cancellationToken))[0];

    /// <summary>How many ends a batch recorded, and where it stopped; no id: nothing was left.</summary>
    private sealed record Place(int Written, string? Ends, string? Id);
}
