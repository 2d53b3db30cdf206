using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>Reads how the sync of devices stands: everyone's for admins and support, else a person's own.</summary>
public sealed class SyncStatusList(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>Of more devices than this, a share is judged when their states are counted.</summary>
    private const double CountedWhole = 50_000;

    /// <summary>Where more devices than this are registered, they are not ordered by severity: each would have to be judged.</summary>
    private const double JudgedForOrder = 20_000;
    private const int ChunkSize = 1000;

    /// <summary>More devices than this are not handed over by id.</summary>
    private const int FoundLimit = 5_000;

    /// <summary>Where so few of the share match, all that match are counted: they are not many, and a share of a few tells nothing.</summary>
    private const long CountedAgain = 1_000;

    private static readonly DateTime Never = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Expression<Func<SyncStanding, string>> Id = s => s.Id;

    private static readonly Dictionary<SyncSort, ListSort<SyncStanding, SyncStanding>> Sorts = new()
    {
        [SyncSort.LastSeen] = new ListSort<SyncStanding, SyncStanding, DateTime>("lastSeen", s => s.LastSeenAt, Id, r => r.LastSeenAt),
        [SyncSort.User] = new ListSort<SyncStanding, SyncStanding, string>("user", s => s.Person, Id, r => r.Person),
        [SyncSort.Severity] = new ListSort<SyncStanding, SyncStanding, int>("severity", s => s.Severity, Id, r => r.Severity) { IsCounted = true },
        [SyncSort.LastSynced] = new ListSort<SyncStanding, SyncStanding, DateTime>("lastSynced", s => s.LastSyncedAt ?? Never, Id, r => r.LastSyncedAt ?? Never),
    };

    public async Task<ListPage<SyncStanding>> ListAsync(Actor actor, SyncStatusQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return new ListPage<SyncStanding>([], null, null, new Tally(0));
        }

        var devices = await MatchingAsync(db, SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)), query, cancellationToken);
        var tooLong = query.Sort == SyncSort.Severity && await RowEstimate.OfAsync(db.Devices.AsNoTracking(), cancellationToken) > JudgedForOrder;
        query = tooLong ? query with { Sort = SyncSort.LastSeen, Descending = true } : query;
        var page = await OfVerdict(devices, query).ReadAsync(Sorts[query.Sort], query.Descending, query.Cursor, query.Limit, s => s, row => row.Id, cancellationToken);
        return page with { IsTooLongForOrder = tooLong };
    }

    /// <summary>Every device of a query, by their ids, read in chunks.</summary>
    public async IAsyncEnumerable<SyncStanding> StreamAsync(Actor actor, SyncStatusQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? last = null; ;)
        {
            List<SyncStanding> chunk;
            await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            {
                if (!await SyncModule.IsOnAsync(db, cancellationToken))
                {
                    yield break;
                }

                var all = SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken));
                var rest = OfVerdict(await MatchingAsync(db, all, query, cancellationToken), query);
                if (last is { } place)
                {
#pragma warning disable CA1309 // becomes the database's comparison
                    rest = rest.Where(s => string.Compare(s.Id, place) > 0);
#pragma warning restore CA1309
                }

                chunk = await rest.OrderBy(s => s.Id).Take(ChunkSize).ToListAsync(cancellationToken);
            }

            foreach (var row in chunk)
            {
                yield return row;
            }

            if (chunk.Count < ChunkSize)
            {
                yield break;
            }

            last = chunk[^1].Id;
        }
    }

    private static IQueryable<SyncStanding> OfVerdict(IQueryable<SyncStanding> devices, SyncStatusQuery query)
    {
        if (query.Verdict is { } verdict)
        {
            var mark = 1 << (int)verdict;
            return verdict.IsMark() ? devices.Where(s => (s.Holds & mark) != 0) : devices.Where(s => s.Verdict == verdict);
        }

        if (query.Group is not { } group)
        {
            return devices;
        }

        var verdicts = SyncVerdicts.Of(group).ToArray();
        return devices.Where(s => verdicts.Contains(s.Verdict));
    }

    /// <summary>How many devices have each verdict or mark, by the query's other filters; one that none has is absent.</summary>
    public async Task<IReadOnlyDictionary<SyncVerdict, Tally>> CountAsync(Actor actor, SyncStatusQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return new Dictionary<SyncVerdict, Tally>();
        }

        return await CountAsync(actor, query, await SyncThresholds.ReadAsync(db, cancellationToken), cancellationToken);
    }

    internal async Task<IReadOnlyDictionary<SyncVerdict, Tally>> CountAsync(Actor actor, SyncStatusQuery query, SyncThresholds thresholds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = await RowEstimate.OfAsync(db.Devices.AsNoTracking(), cancellationToken);
        if (all > CountedWhole)
        {
            var percent = 100 * CountedWhole / all;
            var share = await CountAsync(await MatchingAsync(db, SyncStandings.Of(db, actor, thresholds, percent), query, cancellationToken), cancellationToken);
            if (share.Devices > CountedAgain)
            {
                return share.Of(count => new Tally((long)(count * 100 / percent), IsAbout: true));
            }
        }

        var counts = await CountAsync(await MatchingAsync(db, SyncStandings.Of(db, actor, thresholds), query, cancellationToken), cancellationToken);
        return counts.Of(count => new Tally(count));
    }

    private static async Task<Counts> CountAsync(IQueryable<SyncStanding> devices, CancellationToken cancellationToken)
    {
        var counts = await devices.GroupBy(s => s.Verdict).Select(g => new
        {
            g.Key,
            Count = g.LongCount(),
            NoPushToken = g.LongCount(s => (s.Holds & (1 << (int)SyncVerdict.NoPushToken)) != 0),
            ClockWrong = g.LongCount(s => (s.Holds & (1 << (int)SyncVerdict.ClockWrong)) != 0),
        }).ToListAsync(cancellationToken);
        Dictionary<SyncVerdict, long> marked = new()
        {
            [SyncVerdict.NoPushToken] = counts.Sum(c => c.NoPushToken),
            [SyncVerdict.ClockWrong] = counts.Sum(c => c.ClockWrong),
        };
        return new(counts.Sum(c => c.Count), [.. counts.Select(c => KeyValuePair.Create(c.Key, c.Count)), .. marked]);
    }

    /// <summary>How many devices were counted, and how many of them have each verdict or mark.</summary>
    private sealed record Counts(long Devices, IReadOnlyList<KeyValuePair<SyncVerdict, long>> Each)
    {
        public Dictionary<SyncVerdict, Tally> Of(Func<long, Tally> tally) => Each.Where(c => c.Value > 0).ToDictionary(c => c.Key, c => tally(c.Value));
    }

    /// <summary>The rows of a list with the verdict of each that is registered for sync by its person.</summary>
    public async Task<IReadOnlyList<DeviceRow>> WithVerdictsAsync(Actor actor, IReadOnlyList<DeviceRow> rows, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return rows;
        }

        var ids = rows.Select(r => r.DeviceId).ToArray();
        var found = await SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)).Where(s => ids.Contains(s.DeviceId))
            .Select(s => new { s.DeviceId, s.UserId, s.Verdict }).ToListAsync(cancellationToken);
        var verdicts = found.ToDictionary(s => (s.DeviceId, s.UserId), s => s.Verdict);
        return [.. rows.Select(r => verdicts.TryGetValue((r.DeviceId, r.UserId), out var verdict) ? r with { Verdict = verdict } : r)];
    }

    /// <summary>Some devices by their own ids, in no order.</summary>
    internal async Task<IReadOnlyList<SyncStanding>> OfDevicesAsync(Actor actor, IReadOnlyList<string> deviceIds, CancellationToken cancellationToken)
    {
        if (deviceIds.Count == 0)
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return [];
        }

        return await SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)).Where(s => deviceIds.Contains(s.DeviceId)).ToListAsync(cancellationToken);
    }

    /// <summary>All devices of one user, most recently seen first.</summary>
    public async Task<IReadOnlyList<SyncStanding>> OfUserAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return [];
        }

        return await SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)).Where(s => s.UserId == userId)
            .OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).Take(ListReading.MaximumLimit).ToListAsync(cancellationToken);
    }

    private static async Task<IQueryable<SyncStanding>> MatchingAsync(DeviceDbContext db, IQueryable<SyncStanding> devices, SyncStatusQuery query, CancellationToken cancellationToken)
    {
        if (SearchText.Whole(query.Platform) is { } platform)
        {
            devices = devices.Where(s => EF.Functions.ILike(s.Platform, platform, SearchText.Escape));
        }

        if (query.AppVersion is { } version)
        {
            devices = devices.Where(s => s.AppVersion == version);
        }

        if (await DeviceSearch.ReadAsync(db, query.Search, cancellationToken) is not { } search)
        {
            return devices;
        }

        // By ids where they are few, so that indexes answer. A device that registered without a pairing is found by its person and by its whole id.
        var (people, typed) = (search.People, SearchText.Clean(query.Search)!);
        var found = search.In(db.DevicePairings.AsNoTracking()).Select(p => p.DeviceId);
        var ids = await found.Take(FoundLimit + 1).ToListAsync(cancellationToken);
        return ids.Count <= FoundLimit
            ? devices.Where(s => ids.Contains(s.DeviceId) || people.Contains(s.UserId) || s.DeviceId == typed)
            : devices.Where(s => found.Contains(s.DeviceId) || people.Contains(s.UserId));
    }
}
