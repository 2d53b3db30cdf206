using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Permissions;

/// <summary>
/// Changes one scope on many devices, each with its history and notice, in one statement of the caller's transaction. Only
/// devices that work are changed. Answers the changed pairings with the end that the scope had before: ISO 8601 UTC, or empty.
/// </summary>
internal static class ScopeChanges
{
    /// <summary>Takes the scope from those that hold it.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> TakeAsync(
        DeviceDbContext db, Actor actor, string[] pairingIds, PermissionScope scope, string? reason, string runId, CancellationToken cancellationToken)
    {
        var name = ScopeNames.Of(scope);
        await db.LockPairingsAsync(pairingIds, cancellationToken);
        var changed = await db.Database.SqlQuery<string>($"""
            DELETE FROM public.device_permissions g USING public.device_pairings p
            WHERE p.id = ANY ({pairingIds}) AND p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc'
              AND g."devicePairingId" = p.id AND g.permission::text = {name}
            RETURNING p.id || '|' || coalesce(to_char(g."expiresAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '') AS "Value"
            """).ToListAsync(cancellationToken);
        return await TellAsync(db, actor, Pairs(changed), DeviceEventKind.PermissionRemoved, name, $"{name} taken away", reason, runId, cancellationToken);
    }

    /// <summary>Lets the scope hold longer where it ends earlier; never shorter. Null: as long as each pairing lasts.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> ExtendAsync(
        DeviceDbContext db, Actor actor, string[] pairingIds, PermissionScope scope, DateTimeOffset? until, string? reason, string runId,
        CancellationToken cancellationToken)
    {
        var name = ScopeNames.Of(scope);
        var end = until?.ToUniversalTime();
        await db.LockPairingsAsync(pairingIds, cancellationToken);
        var changed = await db.Database.SqlQuery<string>($"""
            WITH held AS (
                SELECT g.id, p.id AS pairing, g."expiresAt" FROM public.device_pairings p JOIN public.device_permissions g ON g."devicePairingId" = p.id
                WHERE p.id = ANY ({pairingIds}) AND p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc' AND g.permission::text = {name}
                  AND g."expiresAt" > now() AT TIME ZONE 'utc' AND ({end}::timestamptz IS NULL OR g."expiresAt" < date_trunc('milliseconds', {end}::timestamptz) AT TIME ZONE 'utc')
            )
            UPDATE public.device_permissions g SET "expiresAt" = date_trunc('milliseconds', {end}::timestamptz) AT TIME ZONE 'utc', "updatedAt" = now() AT TIME ZONE 'utc'
            FROM held h WHERE g.id = h.id
            RETURNING h.pairing || '|' || to_char(h."expiresAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "Value"
            """).ToListAsync(cancellationToken);
        return await TellAsync(db, actor, Pairs(changed), DeviceEventKind.PermissionGranted, name + Until(until), $"{name} granted{Until(until)}", reason, runId, cancellationToken);
    }

    /// <summary>Gives the scope back to devices that do not hold it, until it would have ended; not where that is over.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> RestoreAsync(
        DeviceDbContext db, Actor actor, IReadOnlyDictionary<string, string?> befores, PermissionScope scope, string? reason, string runId,
        CancellationToken cancellationToken)
    {
        var name = ScopeNames.Of(scope);
        var (ids, ends) = Arrays(befores);
        string[] rows = [.. ids.Select(_ => Ids.New())];
        await db.LockPairingsAsync(ids, cancellationToken);
        var changed = await db.Database.SqlQuery<string>($"""
            INSERT INTO public.device_permissions (id, "devicePairingId", permission, "expiresAt", "grantedAt", "createdAt", "updatedAt")
            SELECT w.key, p.id, {name}::public."PermissionScope", w."end"::timestamptz AT TIME ZONE 'utc', n.utc, n.utc, n.utc
            FROM unnest({rows}, {ids}, {ends}) AS w(key, id, "end") JOIN public.device_pairings p ON p.id = w.id
            CROSS JOIN (SELECT now() AT TIME ZONE 'utc' AS utc) AS n
            WHERE p."isActive" AND p."expiresAt" > n.utc AND (w."end" IS NULL OR w."end"::timestamptz > now())
            ON CONFLICT ("devicePairingId", permission) DO NOTHING
            RETURNING "devicePairingId" || '|' AS "Value"
            """).ToListAsync(cancellationToken);
        return await TellAsync(db, actor, Pairs(changed), DeviceEventKind.PermissionGranted, name, $"{name} granted", reason, runId, cancellationToken);
    }

    /// <summary>Sets the scope's end back where it is still the one that was set.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> UnextendAsync(
        DeviceDbContext db, Actor actor, IReadOnlyDictionary<string, string?> befores, PermissionScope scope, DateTimeOffset? until, string? reason, string runId,
        CancellationToken cancellationToken)
    {
        var name = ScopeNames.Of(scope);
        var end = until?.ToUniversalTime();
        var (ids, ends) = Arrays(befores);
        await db.LockPairingsAsync(ids, cancellationToken);
        var changed = await db.Database.SqlQuery<string>($"""
            UPDATE public.device_permissions g SET "expiresAt" = w."end"::timestamptz AT TIME ZONE 'utc', "updatedAt" = now() AT TIME ZONE 'utc'
            FROM unnest({ids}, {ends}) AS w(id, "end") JOIN public.device_pairings p ON p.id = w.id
            WHERE g."devicePairingId" = p.id AND g.permission::text = {name} AND p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc'
              AND g."expiresAt" IS NOT DISTINCT FROM date_trunc('milliseconds', {end}::timestamptz) AT TIME ZONE 'utc'
            RETURNING p.id || '|' AS "Value"
            """).ToListAsync(cancellationToken);
        return await TellAsync(db, actor, Pairs(changed), DeviceEventKind.PermissionGranted, name + " until the earlier end again", $"{name} granted until the earlier end again", reason, runId, cancellationToken);
    }

    /// <summary>As a grant's end stands in the history.</summary>
    private static string Until(DateTimeOffset? end) =>
        end is { } at ? string.Create(CultureInfo.InvariantCulture, $" until {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "";

    private static async Task<IReadOnlyDictionary<string, string?>> TellAsync(
        DeviceDbContext db, Actor actor, Dictionary<string, string?> changed, string kind, string detail, string notice, string? reason, string runId, CancellationToken cancellationToken)
    {
        if (changed.Count == 0)
        {
            return changed;
        }

        string[] ids = [.. changed.Keys];
        var role = actor.Role?.ToString();
        await db.Database.ExecuteSqlAsync($"""
            WITH changed AS (
                SELECT id, "userId", "deviceId", "deviceName", "deviceType" FROM public.device_pairings WHERE id = ANY ({ids})
            ), written AS (
                INSERT INTO portal.device_events (kind, "userId", "pairingId", "deviceId", "actorId", "actorName", "actorRole", address, reason, detail, "runId")
                SELECT {kind}, "userId", id, "deviceId", {actor.Id}, {actor.Name}, {role}, {actor.Address}, {reason}, {detail}, {runId} FROM changed
            )
            INSERT INTO portal.notice_outbox (kind, "userId", "pairingId", "deviceTitle", "actorId", "actorName", reason, detail, "runId")
            SELECT {NoticeKind.ScopesChanged}, "userId", id, coalesce("deviceName", (
                SELECT l.word FROM unnest({DeviceTypeLabels.Stored}, {DeviceTypeLabels.Words}) AS l(stored, word) WHERE l.stored = "deviceType"::text)),
                {actor.Id}, {actor.Name}, {reason}, {notice}, {runId} FROM changed
            """, cancellationToken);
        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        return changed;
    }

    private static Dictionary<string, string?> Pairs(List<string> values) =>
        values.ToDictionary(value => value[..value.LastIndexOf('|')], value => (string?)value[(value.LastIndexOf('|') + 1)..]);

    private static (string[] Ids, string?[] Ends) Arrays(IReadOnlyDictionary<string, string?> befores) =>
        ([.. befores.Keys], [.. befores.Values.Select(end => string.IsNullOrEmpty(end) ? null : end)]);
}
