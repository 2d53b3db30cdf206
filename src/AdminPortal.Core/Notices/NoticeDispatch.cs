using AdminPortal.Core.Mail;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Mail;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Notices;

/// <summary>
/// Moves notices from the primary target's outbox to the people they are for. The outbox rows are deleted after the notices
/// stand: a crash in between moves them again, and the unique source makes that no second notice. Rows that another instance
/// holds are passed over.
/// </summary>
public sealed class NoticeDispatch(DeviceDatabases databases, IDbContextFactory<PortalDbContext> portals, SmtpMail smtp, MailQueue mails)
{
    private const int Batch = 500;

    /// <summary>More accounts than these in one batch are announced as everyone.</summary>
    private const int NamedAccounts = 50;

    /// <summary>The mail about a run waits until the run has told of all its devices.</summary>
    private const int SecondsUntilRunMail = 60;

    /// <summary>One batch: how many outbox rows are done with.</summary>
    public async Task<int> MoveAsync(CancellationToken cancellationToken)
    {
        await using var devices = databases.CreateDbContext();
        await using var transaction = await devices.Database.BeginTransactionAsync(cancellationToken);
        var pending = await devices.PendingNotices.FromSql($"SELECT * FROM portal.notice_outbox ORDER BY id LIMIT {Batch} FOR UPDATE SKIP LOCKED")
            .AsNoTracking().ToListAsync(cancellationToken);
        if (pending.Count == 0)
        {
            return 0;
        }

        var counts = await CountRunsAsync(devices, pending, cancellationToken);
        await using (var portal = await portals.CreateDbContextAsync(cancellationToken))
        {
            var audience = await NoticeAudience.ReadAsync(portal, pending, cancellationToken);
            await WriteAsync(portal, [.. Compose(pending, audience, counts)], cancellationToken);
            mails.Wake();
        }

        var done = pending.ConvertAll(n => n.Id);
        await devices.PendingNotices.Where(n => done.Contains(n.Id)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return pending.Count;
    }

    /// <summary>How many devices of a person each run has changed so far, from the history: counted anew each time, so never twice.</summary>
    private static async Task<Dictionary<(string Run, string User), int>> CountRunsAsync(
        DeviceDbContext devices, List<PendingNotice> pending, CancellationToken cancellationToken)
    {
        var ofRuns = pending.Where(n => n.RunId is not null).ToList();
        if (ofRuns.Count == 0)
        {
            return [];
        }

        string[] runs = [.. ofRuns.Select(n => n.RunId!).Distinct()];
        string[] users = [.. ofRuns.Select(n => n.UserId).Distinct()];
        // By hand: EF Core would ask for rows without a run as well, which the index by run does not hold.
        var counts = await devices.Database.SqlQuery<RunCount>(
            $"""
             SELECT "runId" AS "RunId", "userId" AS "UserId", count(DISTINCT "pairingId")::int AS "Devices" FROM portal.device_events
             WHERE "runId" IS NOT NULL AND "runId" = ANY ({runs}) AND "userId" = ANY ({users}) GROUP BY "runId", "userId"
             """).ToListAsync(cancellationToken);
        return counts.ToDictionary(c => (c.RunId, c.UserId), c => c.Devices);
    }

    /// <summary>One notice per account and act, or per account and run.</summary>
    private IEnumerable<(Notice Notice, bool ByMail)> Compose(List<PendingNotice> pending, NoticeAudience audience, Dictionary<(string Run, string User), int> counts) =>
        from act in pending.GroupBy(Source)
        let first = act.First()
        from person in audience.Of(first)
        select (new Notice
        {
            AccountId = person.AccountId,
            At = first.At,
            Kind = first.Kind,
            Source = act.Key,
            PairingId = first.PairingId,
            DeviceTitle = first.DeviceTitle,
            ActorName = first.ActorName,
            Reason = first.Reason,
            Detail = first.Detail,
            Count = Math.Max(act.Count(), first.RunId is { } run ? counts.GetValueOrDefault((run, first.UserId)) : 1),
        }, person.ByMail && smtp.Configured);

    /// <summary>The time is part of it, because a database that was restored gives its ids out again.</summary>
    private string Source(PendingNotice notice) => notice.RunId is { } run
        ? $"run:{run}:{notice.Kind}:{notice.UserId}"
        : $"{databases.PrimaryName}:{notice.Id}:{notice.At.ToUnixTimeMilliseconds()}";

    /// <summary>Adds them and tells open pages; the same source is told once to an account.</summary>
    internal static async Task WriteAsync(PortalDbContext portal, List<(Notice Notice, bool ByMail)> notices, CancellationToken cancellationToken)
    {
        if (notices.Count == 0)
        {
            return;
        }

        var pauses = Of(n => n.Source.StartsWith("run:", StringComparison.Ordinal) ? SecondsUntilRunMail : 0);
        var byMail = notices.ConvertAll(n => n.ByMail).ToArray();
        var (accounts, times, kinds, sources) = (Of(n => n.AccountId), Of(n => n.At), Of(n => n.Kind), Of(n => n.Source));
        var (pairings, titles, actors) = (Of(n => n.PairingId), Of(n => n.DeviceTitle), Of(n => n.ActorName));
        var (reasons, details, counts) = (Of(n => n.Reason), Of(n => n.Detail), Of(n => n.Count));
        // Not composed upon: a statement that changes rows cannot be anybody's subquery.
        await portal.Database.SqlQuery<int>($"""
            WITH told AS (
                SELECT * FROM unnest({accounts}, {times}, {kinds}, {sources}, {pairings}, {titles}, {actors}, {reasons}, {details}, {counts}, {byMail}, {pauses})
                    AS v (account, at, kind, source, pairing, title, actor, reason, detail, count, mail, pause)
            ), written AS (
                INSERT INTO portal.notices AS n ("accountId", at, kind, source, "pairingId", "deviceTitle", "actorName", reason, detail, count)
                SELECT v.account, v.at, v.kind, v.source, v.pairing, v.title, v.actor, v.reason, v.detail, v.count FROM told v
                ON CONFLICT ("accountId", source) DO UPDATE SET count = EXCLUDED.count, "readAt" = NULL WHERE n.count < EXCLUDED.count
                RETURNING n.id, n."accountId", n.source
            ), mailed AS (
                INSERT INTO portal.mails (kind, "accountId", "noticeId", state, tries, "nextTryAt")
                SELECT {MailKind.Notice}, w."accountId", w.id, {MailState.Waiting}, 0, now() + make_interval(secs => v.pause)
                FROM written w JOIN told v ON v.account = w."accountId" AND v.source = w.source WHERE v.mail
                ON CONFLICT ("noticeId") DO NOTHING
            ), people AS (
                SELECT DISTINCT "accountId" FROM written
            ), announced AS (
                SELECT pg_notify({NoticeChangeListener.Channel}, CASE WHEN (SELECT count(*) FROM people) > {NamedAccounts} THEN '' ELSE "accountId" END) FROM people
            )
            SELECT count(*)::int AS "Value" FROM announced
            """).ToListAsync(cancellationToken);

        T[] Of<T>(Func<Notice, T> value) => [.. notices.Select(n => value(n.Notice))];
    }

    /// <summary>How many of a person's devices a run has changed.</summary>
    private sealed record RunCount(string RunId, string UserId, int Devices);
}
