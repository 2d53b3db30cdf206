using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Notices;

/// <summary>A person's own notices: to read, and to be done with. Nobody sees another's, whatever their role.</summary>
public sealed class NoticeInbox(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Unread notices are counted no further: the bell says 99+.</summary>
    public const int CountLimit = 100;

    /// <summary>How long a notice is kept.</summary>
    public const int DaysKept = 90;

    private const string SortName = "newest";

    /// <param name="cursor">From the page before; unreadable: the list starts at its beginning.</param>
    public async Task<NoticePage> ListAsync(Actor actor, bool unreadOnly, string? cursor, int limit, CancellationToken cancellationToken)
    {
        limit = Math.Clamp(limit, 1, ListReading.MaximumLimit);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var notices = Own(db, actor);
        if (unreadOnly)
        {
            notices = notices.Where(n => n.ReadAt == null);
        }

        var (from, backwards) = ListCursor.Parse(cursor) is { Sort: SortName } place && long.TryParse(place.Id, CultureInfo.InvariantCulture, out var id)
            ? (id, place.Backwards)
            : (long.MaxValue, false);
        var rows = await (backwards ? notices.Where(n => n.Id > from).OrderBy(n => n.Id) : notices.Where(n => n.Id < from).OrderByDescending(n => n.Id))
            .Take(limit + 1)
            .Select(n => new NoticeRow(n.Id, n.At, n.Kind, n.PairingId, n.DeviceTitle, n.ActorName, n.Reason, n.Detail, n.Count, n.ReadAt != null))
            .ToListAsync(cancellationToken);
        var more = rows.Count > limit;
        rows = [.. rows.Take(limit)];
        if (backwards)
        {
            rows.Reverse();
        }

        var hasNext = backwards ? rows.Count > 0 : more;
        var hasPrevious = backwards ? more : from != long.MaxValue && rows.Count > 0;
        return new NoticePage(
            rows, hasNext ? Cursor(rows[^1], backwards: false) : null, hasPrevious ? Cursor(rows[0], backwards: true) : null,
            await CountAsync(db, actor, cancellationToken));
    }

    /// <summary>Counted to <see cref="CountLimit"/>.</summary>
    public async Task<int> CountUnreadAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await CountAsync(db, actor, cancellationToken);
    }

    /// <summary>False: it was read before, or is not this person's.</summary>
    public Task<bool> MarkReadAsync(Actor actor, long noticeId, CancellationToken cancellationToken) => MarkAsync(actor, noticeId, noticeId, cancellationToken);

    /// <summary>All up to the newest that the person has seen: what comes meanwhile stays unread.</summary>
    public Task<bool> MarkAllReadAsync(Actor actor, long newestSeen, CancellationToken cancellationToken) => MarkAsync(actor, 0, newestSeen, cancellationToken);

    /// <summary>The database's clock says when; the person's other pages hear of it.</summary>
    private async Task<bool> MarkAsync(Actor actor, long first, long last, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var marked = await db.Database.SqlQuery<int>($"""
            WITH marked AS (
                UPDATE portal.notices SET "readAt" = now()
                WHERE "accountId" = {actor.Id} AND "readAt" IS NULL AND id BETWEEN {first} AND {last} RETURNING "accountId"
            ), told AS (
                SELECT pg_notify({NoticeChangeListener.Channel}, "accountId") FROM marked LIMIT 1
            )
            SELECT (SELECT count(*) FROM marked)::int + 0 * (SELECT count(*) FROM told)::int AS "Value"
            """).ToListAsync(cancellationToken);
        return marked[0] > 0;
    }

    private static Task<int> CountAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken) =>
        Own(db, actor).Where(n => n.ReadAt == null).Take(CountLimit).CountAsync(cancellationToken);

    private static IQueryable<Notice> Own(PortalDbContext db, Actor actor) => db.Notices.AsNoTracking().Where(n => n.AccountId == actor.Id);

    private static string Cursor(NoticeRow row, bool backwards)
    {
        var id = row.Id.ToString(CultureInfo.InvariantCulture);
        return new ListCursor(SortName, Descending: true, id, id, backwards).ToString();
    }
}
