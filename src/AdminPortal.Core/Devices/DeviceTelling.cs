using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>Something that was done to pairings, as history, people and pages are told of it.</summary>
/// <param name="EventKind">The word in the history.</param>
/// <param name="NoticeKind">The word for the people whose devices they are.</param>
/// <param name="RunId">The run that did it: pages hear of it once, and people once for all their devices; null: done singly.</param>
internal sealed record DeviceTelling(string EventKind, string NoticeKind, Actor Actor, string? Reason, string? RunId)
{
    /// <summary>More pairings than these are announced as everything.</summary>
    private const int NamedPairings = 50;

    /// <summary>
    /// Writes the history and the notices of pairings that the caller's transaction has changed, and announces them at its commit,
    /// all by one statement.
    /// </summary>
    public async Task TellAsync(DeviceDbContext db, IReadOnlyList<string> pairingIds, CancellationToken cancellationToken)
    {
        if (pairingIds.Count == 0)
        {
            return;
        }

        string[] ids = [.. pairingIds];
        var role = Actor.Role?.ToString();
        var everything = RunId is not null || ids.Length > NamedPairings ? JsonSerializer.Serialize(DeviceChange.Everything) : null;
        await db.Database.SqlQuery<int>($"""
            WITH changed AS (
                SELECT id, "userId", "deviceId", "deviceName", "deviceType" FROM public.device_pairings WHERE id = ANY ({ids})
            ), written AS (
                INSERT INTO portal.device_events (kind, "userId", "pairingId", "deviceId", "actorId", "actorName", "actorRole", address, reason, "runId")
                SELECT {EventKind}, "userId", id, "deviceId", {Actor.Id}, {Actor.Name}, {role}, {Actor.Address}, {Reason}, {RunId} FROM changed
            ), noticed AS (
                INSERT INTO portal.notice_outbox (kind, "userId", "pairingId", "deviceTitle", "actorId", "actorName", reason, "runId")
                SELECT {NoticeKind}, "userId", id, coalesce("deviceName", (
                    SELECT l.word FROM unnest({DeviceTypeLabels.Stored}, {DeviceTypeLabels.Words}) AS l(stored, word) WHERE l.stored = "deviceType"::text)),
                    {Actor.Id}, {Actor.Name}, {Reason}, {RunId} FROM changed
            ), told AS (
                SELECT pg_notify({DeviceChangeListener.Channel},
                    coalesce({everything}::text, json_build_object('UserId', "userId", 'PairingId', id, 'SessionId', NULL)::text))
                FROM changed WHERE {everything}::text IS NULL OR id = {ids[0]}
            )
            SELECT count(*)::int AS "Value" FROM told
            """).ToListAsync(cancellationToken);
    }
}
