using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>
/// The one place that judges: a query over registered devices with verdict and evidence, for one device as for all of them, so that a
/// list, its counts and a device's own page cannot disagree. The database's clock decides.
/// </summary>
internal static class SyncStandings
{
    /// <summary>
    /// What each verdict asks, in terms of <c>d</c> (the device), <c>s</c> (its state; absent when it never spoke the protocol),
    /// <c>h</c> (the person's head) and <c>x</c> (what is derived from them). Thresholds are parameters.
    /// </summary>
    private static readonly Dictionary<SyncVerdict, string> Conditions = new()
    {
        [SyncVerdict.Ended] = "x.pairing <> 'active'",
        [SyncVerdict.NeverSynced] = "x.synced IS NULL",
        [SyncVerdict.SignInFailing] = """s."consecutiveRefusals" >= {0} AND s."lastProblem" IS DISTINCT FROM 'app-version-unsupported'""",
        [SyncVerdict.Outdated] = $"""{Version("""d."appVersion" """)} < {Version("""m."minimumAppVersion" """)} OR s."schemaVersion" <> {SyncSchema.Current}""",
        [SyncVerdict.StuckUploading] = """s.pending > 0 AND s."attemptsWithoutDrop" >= {2} AND coalesce(x.waiting < now() - make_interval(mins => {1}), true)""",
        [SyncVerdict.StuckDownloading] = """s."consecutiveFailures" >= {4} OR x.missed < s."lastAttemptAt" - make_interval(mins => {3})""",
        [SyncVerdict.Rejected] = "x.rejections > 0 OR x.conflicts > 0",
        [SyncVerdict.CatchingUp] = """h.version > s."acknowledgedVersion" OR s.pending > 0""",
        [SyncVerdict.FullReadDue] = "x.contact < now() - make_interval(days => {8})",
        [SyncVerdict.Dormant] = "x.contact < now() - make_interval(days => {7})",
        [SyncVerdict.Stale] = "x.contact < now() - make_interval(days => {6})",
        [SyncVerdict.NoPushToken] = """d."pushToken" IS NULL OR s."pushTokenAt" < now() - make_interval(days => {9})""",
        [SyncVerdict.ClockWrong] = """abs(s."clockSkewSeconds") > {10} * 60""",
        [SyncVerdict.Healthy] = "true",
    };

    private static readonly string All = Write("public.devices AS d");

    /// <summary>A share of the devices, for counts of so many that they need not be exact.</summary>
    private static readonly string Share = Write("public.devices AS d TABLESAMPLE SYSTEM ({11}) REPEATABLE (7)");

    /// <summary>Every device that the actor may see.</summary>
    /// <param name="percent">Only about so many of them, picked by their place in the table; null: all.</param>
    public static IQueryable<SyncStanding> Of(DeviceDbContext db, Actor actor, SyncThresholds t, double? percent = null)
    {
        object[] values =
        [
            t.Refusals, t.UploadMinutes, t.UploadAttempts, t.DownloadMinutes, t.Failures, t.ConflictDays, t.StaleDays, t.DormantDays, t.FullReadDays, t.PushTokenDays,
            t.ClockMinutes,
        ];
        var all = percent is { } share ? db.Database.SqlQueryRaw<SyncStanding>(Share, [.. values, share]) : db.Database.SqlQueryRaw<SyncStanding>(All, values);
        return actor switch
        {
            { SeesEveryone: true } => all,
            { IsPerson: true, UserId: { } own } => all.Where(s => s.UserId == own),
            _ => all.Where(s => false),
        };
    }

    /// <summary>The place of a verdict in a list that is sorted by severity: the problems, the silent, the rest.</summary>
    private static int Severity(SyncVerdict verdict) => ((int)verdict.Group()! * 100) + (int)verdict;

    private static string Write(string devices) => $$"""
        SELECT d.id AS "Id", d."deviceId" AS "DeviceId", d."userId" AS "UserId", u.name AS "UserName", u.email AS "UserEmail", coalesce(u.name, u.email) AS "Person",
            d.platform AS "Platform", d."osVersion" AS "OsVersion", d."appVersion" AS "AppVersion", d."pushToken" IS NOT NULL AS "HasPushToken",
            d."lastSeenAt" AS "LastSeenAt", u."lastSyncedAt" AS "LastSyncedAt",
            CASE WHEN p."userId" = d."userId" THEN p.id END AS "PairingId", CASE WHEN p."userId" = d."userId" THEN p."deviceName" END AS "DeviceName",
            CASE WHEN p."userId" = d."userId" THEN p."deviceType"::text END AS "DeviceType", x.pairing AS "Pairing",
            CASE WHEN p."userId" = d."userId" THEN p."expiresAt" END AS "PairingEndsAt",
            s."lastAttemptAt" AS "LastAttemptAt", s."lastSuccessAt" AS "LastSuccessAt", s."lastPushAt" AS "LastPushAt",
            coalesce(s."sentVersion", 0) AS "SentVersion", coalesce(s."acknowledgedVersion", 0) AS "AcknowledgedVersion", coalesce(h.version, 0) AS "Head",
            s."caughtUpAt" AS "CaughtUpAt", s.pending AS "Pending", x.waiting AS "OldestPendingAt", coalesce(s."attemptsWithoutDrop", 0) AS "AttemptsWithoutDrop",
            coalesce(s."consecutiveFailures", 0) AS "ConsecutiveFailures", coalesce(s."consecutiveRefusals", 0) AS "ConsecutiveRefusals",
            s."lastProblem" AS "LastProblem", s."lastTraceId" AS "LastTraceId", s."clockSkewSeconds" AS "ClockSkewSeconds", s."schemaVersion" AS "SchemaVersion",
            s."pushTokenAt" AS "PushTokenAt", s."fullReadAt" AS "FullReadAt", s."resyncRequestedAt" AS "ResyncRequestedAt", m."minimumAppVersion" AS "MinimumAppVersion",
            x.rejections::int AS "OpenRejections", x.conflicts::int AS "OpenConflicts", x.missed AS "MissedAt",
            least(x.rejected, x.conflicted) AS "RefusedAt", x.synced AS "SyncedAt", x.contact AS "ContactAt",
            CASE {{string.Join(' ', Conditions.Where(c => !c.Key.IsMark()).Select(c => $"WHEN {c.Value} THEN {(int)c.Key}"))}} END AS "Verdict",
            CASE {{string.Join(' ', Conditions.Where(c => !c.Key.IsMark()).Select(c => $"WHEN {c.Value} THEN {Severity(c.Key)}"))}} END AS "Severity",
            {{string.Join(" + ", Conditions.Select(c => $"CASE WHEN {c.Value} THEN {1 << (int)c.Key} ELSE 0 END"))}} AS "Holds"
        FROM {{devices}}
        JOIN portal.users u ON u.id = d."userId"
        CROSS JOIN sync.meta m
        LEFT JOIN sync.device_state s ON s."deviceId" = d."deviceId" AND s."userId" = d."userId"
        LEFT JOIN sync.heads h ON h."userId" = d."userId"
        LEFT JOIN public.device_pairings p ON p."deviceId" = d."deviceId"
        LEFT JOIN portal.device_state q ON q."pairingId" = p.id
        CROSS JOIN LATERAL (SELECT
            CASE WHEN p.id IS NULL THEN CASE WHEN s."deviceId" IS NOT NULL THEN 'removed' END WHEN p."userId" <> d."userId" THEN 'elsewhere' WHEN q."pairingId" IS NOT NULL THEN 'quarantined'
                WHEN NOT p."isActive" THEN 'revoked' WHEN p."expiresAt" <= now() AT TIME ZONE 'utc' THEN 'expired' ELSE 'active' END AS pairing,
            CASE WHEN s."deviceId" IS NULL THEN u."lastSyncedAt" AT TIME ZONE 'utc' ELSE greatest(s."fullReadAt", s."lastPushAt", s."caughtUpAt") END AS synced,
            CASE WHEN s."deviceId" IS NULL THEN least(u."lastSyncedAt", d."lastSeenAt") AT TIME ZONE 'utc' ELSE s."lastSuccessAt" END AS contact,
            CASE WHEN s.pending > 0 THEN s."oldestPendingAt" - make_interval(secs => coalesce(s."clockSkewSeconds", 0)) END AS waiting,
            (SELECT c."changedAt" FROM sync.changes c WHERE c."userId" = d."userId" AND c.version > s."acknowledgedVersion" ORDER BY c.version LIMIT 1) AS missed,
            (SELECT count(*) FROM sync.rejections r WHERE r."deviceId" = d."deviceId" AND r."userId" = d."userId" AND r.closed IS NULL) AS rejections,
            (SELECT count(*) FROM sync.conflicts c WHERE c."userId" = d."userId" AND c.at > now() - make_interval(days => {5}) AND c.closed IS NULL
                AND d."deviceId" IN (c."deviceId", c."losingDeviceId")) AS conflicts,
            (SELECT min(r.at) FROM sync.rejections r WHERE r."deviceId" = d."deviceId" AND r."userId" = d."userId" AND r.closed IS NULL) AS rejected,
            (SELECT min(c.at) FROM sync.conflicts c WHERE c."userId" = d."userId" AND c.at > now() - make_interval(days => {5}) AND c.closed IS NULL
                AND d."deviceId" IN (c."deviceId", c."losingDeviceId")) AS conflicted
        ) x
        """;

    /// <summary>
    /// A version's numbers, compared as <see cref="AppVersions"/> does: 1.10 after 1.9, 1.5 as 1.5.0, and nothing behind the numbers.
    /// </summary>
    internal static string Version(string text) => $$$"""
        string_to_array(regexp_replace(coalesce(substring(ltrim(btrim({{{text}}}), 'vV') FROM '^([0-9]{{1,18}}(?![0-9])(\.[0-9]{{1,18}}(?![0-9]))*)'), CASE WHEN {{{text}}} IS NOT NULL THEN '0' END), '(\.0+)+$', ''), '.')::numeric[]
        """;
}
