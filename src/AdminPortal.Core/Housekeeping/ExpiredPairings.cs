using System.Diagnostics;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Monitoring;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Housekeeping;

/// <summary>What a clean-up would remove now.</summary>
/// <param name="Oldest">The earliest expiry among them, UTC; null: there is none.</param>
public sealed record ExpiredPairingsPreview(long Pairings, long Permissions, DateTime? Oldest, DateTime? Newest);

/// <summary>What a clean-up removed.</summary>
/// <param name="Bytes">Of the removed rows without their indexes; the server uses this room again after its next vacuum.</param>
/// <param name="TableBytes">Both tables with their indexes, after it.</param>
public sealed record ExpiredPairingsResult(long Pairings, long Permissions, DateTime? Oldest, DateTime? Newest, long Bytes, long TableBytes, long Milliseconds);

/// <summary>
/// Removes pairings that are inactive and ran out long ago, with their permissions. Stays: the device's history, and the hash
/// of its token, so that the device still hears "revoked". Never removed: what is quarantined, and what an open alert is about.
/// </summary>
public sealed class ExpiredPairings(IDbContextFactory<DeviceDbContext> databases, PortalMeter meter, IOptions<HousekeepingOptions> options)
{
    /// <summary>Reads only.</summary>
    public async Task<ExpiredPairingsPreview> PreviewAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var due = Due(db);
        var found = await due.GroupBy(_ => 1).Select(all => new { Count = all.LongCount(), Oldest = all.Min(p => p.ExpiresAt), Newest = all.Max(p => p.ExpiresAt) })
            .ToListAsync(cancellationToken);
        return found is not [var all]
            ? new ExpiredPairingsPreview(0, 0, null, null)
            : new ExpiredPairingsPreview(
                all.Count, await db.DevicePermissions.LongCountAsync(g => due.Any(p => p.Id == g.DevicePairingId), cancellationToken), all.Oldest, all.Newest);
    }

    /// <summary>A transaction for each batch: what is removed when it is cut off stays removed, and the next run does the rest.</summary>
    public async Task<ExpiredPairingsResult> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var total = new Batch(0, 0, null, null, 0);
        for (var place = new Place(DateTime.MinValue, ""); ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (ends, id) = place;
            var next = await Due(db).Where(p => p.ExpiresAt >= ends && (p.ExpiresAt > ends || p.Id.CompareTo(id) > 0))
                .OrderBy(p => p.ExpiresAt).ThenBy(p => p.Id).Take(options.Value.BatchRows).Select(p => new Place(p.ExpiresAt, p.Id)).ToListAsync(cancellationToken);
            if (next.Count == 0)
            {
                return new ExpiredPairingsResult(
                    total.Pairings, total.Permissions, total.Oldest, total.Newest, total.Bytes, await TableBytesAsync(db, cancellationToken), watch.ElapsedMilliseconds);
            }

            total += await RemoveAsync(db, [.. next.Select(p => p.Id)], cancellationToken);
            place = next[^1];
        }
    }

    private IQueryable<DevicePairing> Due(DeviceDbContext db)
    {
        var days = options.Value.ExpiredPairingDays;
        return db.DevicePairings.AsNoTracking().Where(p =>
            !p.IsActive && p.State == null && p.ExpiresAt < DatabaseClock.UtcNow().AddDays(-days) && !db.DeviceAlerts.Any(a => a.PairingId == p.Id && a.ClosedAt == null));
    }

    /// <summary>
    /// Rows that somebody else holds (a device that is paired again, an admin at work) are left to the next run: a clean-up waits for
    /// no pairing, so it cannot be part of a deadlock over them. Looked at again once they are held.
    /// </summary>
    private async Task<Batch> RemoveAsync(DeviceDbContext db, string[] ids, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var held = await db.Database.SqlQuery<string>($"""SELECT id AS "Value" FROM public.device_pairings WHERE id = ANY ({ids}) ORDER BY id FOR UPDATE SKIP LOCKED""").ToListAsync(cancellationToken);
        var due = await Due(db).Where(p => held.Contains(p.Id)).Select(p => p.Id).ToArrayAsync(cancellationToken);
        var removed = await RemoveHeldAsync(db, due, cancellationToken);
        if (removed.Pairings > 0)
        {
            await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        meter.Removed(removed.Pairings);
        return removed;
    }

    /// <summary>A host's own program may have ended a pairing, without a hash in the history or with a token that is none: then it is written now.</summary>
    private static async Task<Batch> RemoveHeldAsync(DeviceDbContext db, string[] ids, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<Batch>(
            $"""
             WITH granted AS (
                 SELECT count(*) AS permissions, coalesce(sum(pg_column_size(g.*)), 0) AS bytes FROM public.device_permissions g WHERE g."devicePairingId" = ANY ({ids})
             ), gone AS (
                 DELETE FROM public.device_pairings p WHERE p.id = ANY ({ids})
                 RETURNING p.id, p."userId", p."deviceId", p."sessionToken", p."expiresAt", pg_column_size(p.*) AS bytes
             ), remembered AS (
                 INSERT INTO portal.token_history (hash, "pairingId", "userId", reason, "connectionsCut", "callsSince")
                 SELECT CASE WHEN "sessionToken" LIKE 'sha256:%' THEN "sessionToken" ELSE 'sha256:' || encode(sha256(convert_to("sessionToken", 'UTF8')), 'hex') END, id, "userId", 'revoked', 0, 0
                 FROM gone ON CONFLICT (hash) DO NOTHING
             ), written AS (
                 INSERT INTO portal.device_events (kind, "userId", "pairingId", "deviceId", "actorId", "actorName")
                 SELECT {DeviceEventKind.Removed}, "userId", id, "deviceId", {Actor.Portal.Id}, {Actor.Portal.Name} FROM gone
             )
             SELECT (SELECT count(*) FROM gone) AS "Pairings", permissions AS "Permissions", (SELECT min("expiresAt") FROM gone) AS "Oldest",
                 (SELECT max("expiresAt") FROM gone) AS "Newest", ((SELECT coalesce(sum(bytes), 0) FROM gone) + bytes)::bigint AS "Bytes"
             FROM granted
             """).ToListAsync(cancellationToken))[0];

    private static async Task<long> TableBytesAsync(DeviceDbContext db, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<long>($"""SELECT pg_total_relation_size('public.device_pairings') + pg_total_relation_size('public.device_permissions') AS "Value" """)
            .ToListAsync(cancellationToken))[0];

    /// <summary>Where a batch ended.</summary>
    private sealed record Place(DateTime ExpiresAt, string Id);

    private sealed record Batch(long Pairings, long Permissions, DateTime? Oldest, DateTime? Newest, long Bytes)
    {
        public static Batch operator +(Batch one, Batch next) => new(
            one.Pairings + next.Pairings, one.Permissions + next.Permissions, one.Oldest ?? next.Oldest, next.Newest ?? one.Newest, one.Bytes + next.Bytes);
    }
}
