using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>
/// Keeps when the portal answered, by the database's clock: a restart is nothing, hours are a gap. After a gap the dates that
/// owners were told move on by it, and lie a day ahead at least. A clock that jumped looks like a gap, and is treated as one.
/// </summary>
internal static class AnsweredTime
{
    /// <summary>Shorter than this is no gap: devices that call daily miss nothing.</summary>
    private const int GapHours = 6;

    /// <summary>Any number that no other lock of the portal has: instances say it one after the other.</summary>
    private const long Lock = 6_020_260_001;

    /// <summary>Notes that the portal answers now.</summary>
    public static async Task NoteAsync(DeviceDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        // From a time when the clock was ahead: it has been put right since.
        await db.Database.ExecuteSqlAsync($"DELETE FROM portal.answered_spans WHERE since > now()", cancellationToken);
        var goesOn = await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.answered_spans SET until = now()
             WHERE since = (SELECT max(since) FROM portal.answered_spans) AND until > now() - make_interval(hours => {GapHours})
             """,
            cancellationToken);
        if (goesOn == 0)
        {
            await BeginAsync(db, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public static async Task<Absences> ReadAsync(DeviceDbContext db, CancellationToken cancellationToken)
    {
        var now = (await db.Database.SqlQuery<DateTimeOffset>($"SELECT now() AS \"Value\"").ToListAsync(cancellationToken))[0];
        var spans = await db.AnsweredSpans.AsNoTracking().OrderByDescending(s => s.Since).ToListAsync(cancellationToken);
        return new Absences([.. spans.Zip(spans.Skip(1), (later, earlier) => new Absence(earlier.Until, later.Since))], now);
    }

    /// <summary>The first time ever is no gap: before it nothing is known.</summary>
    private static async Task BeginAsync(DeviceDbContext db, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
             WITH gap AS (
                 SELECT max(until) AS since FROM portal.answered_spans
             ), moved AS (
                 UPDATE portal.policy_warnings w
                 SET "actsAt" = greatest(w."actsAt" + greatest(now() - greatest(g.since, w."warnedAt"), interval '0'), now() + interval '1 day')
                 FROM gap g WHERE g.since IS NOT NULL AND w."actedAt" IS NULL AND w."actsAt" IS NOT NULL
             )
             INSERT INTO portal.answered_spans (since, until) VALUES (now(), now())
             """,
            cancellationToken);
}
