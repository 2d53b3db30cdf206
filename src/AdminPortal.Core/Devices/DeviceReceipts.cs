using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Writes what happens after a token was ended or suspended into its row of <c>portal.token_history</c>, and announces it.</summary>
internal static class DeviceReceipts
{
    private const int AtOnce = 20_000;

    /// <summary>
    /// Adds what this portal instance cut, and completes every receipt that still waits: this instance holds none of their
    /// connections. Another instance that cuts some later adds its own.
    /// </summary>
    public static async Task WriteCutsAsync(DeviceDbContext db, IReadOnlyDictionary<string, int> cut, CancellationToken cancellationToken)
    {
        var everything = JsonSerializer.Serialize(DeviceChange.Everything);
        string[] hashes = [.. cut.Keys];
        int[] counts = [.. cut.Values];
        if (hashes.Length > 0)
        {
            // Ordered, and waiting for rows that are held: nothing that was cut goes uncounted.
            await db.Database.ExecuteSqlAsync($"""
                WITH mine AS (
                    SELECT t.hash, c.count FROM portal.token_history t JOIN unnest({hashes}, {counts}) AS c(hash, count) ON c.hash = t.hash ORDER BY t.hash FOR UPDATE OF t
                ), written AS (
                    UPDATE portal.token_history t SET "connectionsCut" = t."connectionsCut" + m.count, "connectionsCutAt" = now() FROM mine m WHERE t.hash = m.hash
                    RETURNING t."userId", t."pairingId"
                )
                SELECT pg_notify({DeviceChangeListener.Channel}, CASE WHEN (SELECT count(*) FROM written) > 50 THEN {everything}
                    ELSE json_build_object('UserId', "userId", 'PairingId', "pairingId", 'SessionId', NULL)::text END)
                FROM written
                """, cancellationToken);
        }

        // Rows that another instance completes in this moment are left to it.
        await db.Database.ExecuteSqlAsync($"""
            WITH waiting AS (
                SELECT hash FROM portal.token_history WHERE "connectionsCutAt" IS NULL AND reason IN ('revoked', 'quarantined')
                ORDER BY "endedAt" LIMIT {AtOnce} FOR UPDATE SKIP LOCKED
            ), written AS (
                UPDATE portal.token_history t SET "connectionsCutAt" = now() FROM waiting w WHERE t.hash = w.hash RETURNING t."userId", t."pairingId"
            )
            SELECT pg_notify({DeviceChangeListener.Channel}, CASE WHEN (SELECT count(*) FROM written) > 50 THEN {everything}
                ELSE json_build_object('UserId', "userId", 'PairingId', "pairingId", 'SessionId', NULL)::text END)
            FROM written
            """, cancellationToken);
    }

    /// <summary>Adds calls with dead tokens. More than fifty devices at once are not announced: pages see them when they read next.</summary>
    public static Task WriteCallsAsync(
        DeviceDbContext db, string[] hashes, int[] counts, string?[] addresses, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"""
            WITH mine AS (
                SELECT t.hash, c.count, c.address FROM portal.token_history t
                JOIN unnest({hashes}, {counts}, {addresses}) AS c(hash, count, address) ON c.hash = t.hash ORDER BY t.hash FOR UPDATE OF t
            ), written AS (
                UPDATE portal.token_history t SET "callsSince" = least(t."callsSince"::bigint + m.count, 2147483647)::int, "lastCallAt" = now(), "lastCallAddress" = m.address
                FROM mine m WHERE t.hash = m.hash
                RETURNING t."userId", t."pairingId"
            )
            SELECT pg_notify({DeviceChangeListener.Channel}, json_build_object('UserId', "userId", 'PairingId', "pairingId", 'SessionId', NULL)::text)
            FROM written WHERE (SELECT count(*) FROM written) <= 50
            """, cancellationToken);

    /// <summary>The device says that it knows: noted once, with its row of history. Null: there is no receipt for this token.</summary>
    public static async Task<DateTimeOffset?> AcknowledgeAsync(DeviceDbContext db, string hash, string? address, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Ended by another program of the database, which keeps no receipts: it begins here.
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.token_history (hash, "pairingId", "userId", reason, "connectionsCut", "callsSince")
             SELECT p."sessionToken", p.id, p."userId", CASE WHEN s."pairingId" IS NULL THEN 'revoked' ELSE {DeviceQuarantines.Word} END, 0, 0
             FROM public.device_pairings p LEFT JOIN portal.device_state s ON s."pairingId" = p.id
             WHERE p."sessionToken" = {hash} AND NOT p."isActive"
             ON CONFLICT (hash) DO NOTHING
             """, cancellationToken);
        var noted = await db.Database.ExecuteSqlAsync(
            $"""UPDATE portal.token_history SET "acknowledgedAt" = now() WHERE hash = {hash} AND "acknowledgedAt" IS NULL""", cancellationToken);
        var receipt = await db.EndedTokens.AsNoTracking().Where(t => t.Hash == hash)
            .Select(t => new
            {
                t.PairingId,
                t.UserId,
                t.AcknowledgedAt,
                IsReceipt = t.Reason == "revoked" || t.Reason == DeviceQuarantines.Word,
                DeviceId = db.DevicePairings.Where(p => p.Id == t.PairingId).Select(p => p.DeviceId).FirstOrDefault(),
            }).FirstOrDefaultAsync(cancellationToken);
        if (noted == 1 && receipt is { IsReceipt: true })
        {
            await db.DeviceStates.Where(s => s.PairingId == receipt.PairingId)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.AcknowledgedAt, _ => DatabaseClock.Now()), cancellationToken);
            var itself = new Actor($"device:{receipt.PairingId}", "The device itself", null, null, address);
            db.AddEvent(DeviceEventKind.Acknowledged, receipt.UserId, itself, receipt.PairingId, receipt.DeviceId);
            await db.SaveChangesAsync(cancellationToken);
            await db.NotifyAsync(new DeviceChange(receipt.UserId, receipt.PairingId, null), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return receipt?.AcknowledgedAt;
    }
}
