using System.Linq.Expressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>Reads how the sync of devices stands: everyone's for admins and support, else a person's own.</summary>
public sealed class SyncStatusList(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>Of more devices than this, a share is judged when their states are counted.</summary>
    private const double CountedWhole = 50_000;

    private static readonly DateTime Never = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Expression<Func<SyncStanding, string>> Id = s => s.Id;

    private static readonly Dictionary<SyncSort, ListSort<SyncStanding, SyncStanding>> Sorts = new()
    {
        [SyncSort.LastSeen] = new ListSort<SyncStanding, SyncStanding, DateTime>("lastSeen", s => s.LastSeenAt, Id, r => r.LastSeenAt),
        [SyncSort.User] = new ListSort<SyncStanding, SyncStanding, string>("user", s => s.Person, Id, r => r.Person),
        [SyncSort.LastSynced] = new ListSort<SyncStanding, SyncStanding, DateTime>("lastSynced", s => s.LastSyncedAt ?? Never, Id, r => r.LastSyncedAt ?? Never),
    };

    public async Task<ListPage<SyncStanding>> ListAsync(Actor actor, SyncStatusQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var devices = Matching(SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)), query);
        if (query.Verdict is { } verdict)
        {
            devices = devices.Where(s => s.Verdict == verdict);
        }

        return await devices.ReadAsync(Sorts[query.Sort], query.Descending, query.Cursor, query.Limit, s => s, row => row.Id, cancellationToken);
    }

    /// <summary>How many devices have each verdict, by the query's other filters; a verdict that none has is absent.</summary>
    public async Task<IReadOnlyDictionary<SyncVerdict, Tally>> CountAsync(Actor actor, SyncStatusQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await CountAsync(actor, query, await SyncThresholds.ReadAsync(db, cancellationToken), cancellationToken);
    }

    internal async Task<IReadOnlyDictionary<SyncVerdict, Tally>> CountAsync(Actor actor, SyncStatusQuery query, SyncThresholds thresholds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = await RowEstimate.OfAsync(db.Devices.AsNoTracking(), cancellationToken);
        double? percent = all > CountedWhole ? 100 * CountedWhole / all : null;
        var counts = await Matching(SyncStandings.Of(db, actor, thresholds, percent), query)
            .GroupBy(s => s.Verdict).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync(cancellationToken);
        return counts.ToDictionary(c => c.Key, c => percent is { } share ? new Tally((long)(c.Count * 100 / share), IsAbout: true) : new Tally(c.Count));
    }

    /// <summary>All devices of one user, most recently seen first.</summary>
    public async Task<IReadOnlyList<SyncStanding>> OfUserAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)).Where(s => s.UserId == userId)
            .OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).Take(ListReading.MaximumLimit).ToListAsync(cancellationToken);
    }

    private static IQueryable<SyncStanding> Matching(IQueryable<SyncStanding> devices, SyncStatusQuery query)
    {
        if (SearchText.Whole(query.Platform) is { } platform)
        {
            devices = devices.Where(s => EF.Functions.ILike(s.Platform, platform, SearchText.Escape));
        }

        if (query.AppVersion is { } version)
        {
            devices = devices.Where(s => s.AppVersion == version);
        }

        return SearchText.Pattern(query.Search) is not { } pattern ? devices : devices.Where(s => EF.Functions.ILike(s.DeviceId, pattern, SearchText.Escape)
            || EF.Functions.ILike(s.UserEmail, pattern, SearchText.Escape) || EF.Functions.ILike(s.UserName!, pattern, SearchText.Escape));
    }
}
