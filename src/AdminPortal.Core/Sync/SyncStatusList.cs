using System.Linq.Expressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Sync;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>Reads how the sync of devices stands: everyone's for admins and support, else a person's own.</summary>
public sealed class SyncStatusList(IDbContextFactory<DeviceDbContext> databases)
{
    public const int StaleAfterDays = 7;

    private static readonly DateTime Never = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Expression<Func<Source, string>> Id = s => s.Device.Id;

    private static readonly Dictionary<SyncSort, ListSort<Source, SyncStatusRow>> Sorts = new()
    {
        [SyncSort.LastSeen] = new ListSort<Source, SyncStatusRow, DateTime>("lastSeen", s => s.Device.LastSeenAt, Id, r => r.LastSeenAt),
        [SyncSort.User] = new ListSort<Source, SyncStatusRow, string>("user", s => s.User.Name ?? s.User.Email, Id, r => r.Person),
        [SyncSort.LastSynced] = new ListSort<Source, SyncStatusRow, DateTime>("lastSynced", s => s.User.LastSyncedAt ?? Never, Id, r => r.LastSyncedAt ?? Never),
    };

    private static readonly Expression<Func<Source, SyncStatusRow>> Row = s => new SyncStatusRow(
        s.Device.Id, s.Device.DeviceId, s.Device.Platform, s.Device.OsVersion, s.Device.AppVersion, s.Device.PushToken != null, s.Device.LastSeenAt,
        s.User.Id, s.User.Name, s.User.Email, s.User.LastSyncedAt,
        s.User.LastSyncedAt == null ? SyncVerdict.NeverSynced
            : s.User.LastSyncedAt < DatabaseClock.UtcNow().AddDays(-StaleAfterDays) || s.Device.LastSeenAt < DatabaseClock.UtcNow().AddDays(-StaleAfterDays)
                ? SyncVerdict.Stale : SyncVerdict.Ok);

    public async Task<ListPage<SyncStatusRow>> ListAsync(Actor actor, SyncStatusQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var devices = VisibleTo(db, actor);
        if (query.Verdict is { } verdict)
        {
            devices = Judged(devices, verdict);
        }

        if (SearchText.Whole(query.Platform) is { } platform)
        {
            devices = devices.Where(s => EF.Functions.ILike(s.Device.Platform, platform, SearchText.Escape));
        }

        if (SearchText.Pattern(query.Search) is { } pattern)
        {
            devices = devices.Where(s => EF.Functions.ILike(s.Device.DeviceId, pattern, SearchText.Escape)
                || EF.Functions.ILike(s.User.Email, pattern, SearchText.Escape) || EF.Functions.ILike(s.User.Name!, pattern, SearchText.Escape));
        }

        return await devices.ReadAsync(Sorts[query.Sort], query.Descending, query.Cursor, query.Limit, Row, row => row.Id, cancellationToken);
    }

    /// <summary>All devices of one user, most recently seen first.</summary>
    public async Task<IReadOnlyList<SyncStatusRow>> OfUserAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await VisibleTo(db, actor).Where(s => s.User.Id == userId).OrderByDescending(s => s.Device.LastSeenAt).ThenBy(s => s.Device.Id)
            .Take(ListReading.MaximumLimit).Select(Row).ToListAsync(cancellationToken);
    }

    internal static IQueryable<Source> VisibleTo(DeviceDbContext db, Actor actor)
    {
        var all = db.Devices.AsNoTracking().Join(db.Users.AsNoTracking(), d => d.UserId, u => u.Id, (device, user) => new Source { Device = device, User = user });
        return actor switch
        {
            { SeesEveryone: true } => all,
            { UserId: { } own } => all.Where(s => s.User.Id == own),
            _ => all.Where(s => false),
        };
    }

    internal static IQueryable<Source> Judged(IQueryable<Source> devices, SyncVerdict verdict) => verdict switch
    {
        SyncVerdict.NeverSynced => devices.Where(s => s.User.LastSyncedAt == null),
        SyncVerdict.Stale => devices.Where(s => s.User.LastSyncedAt < DatabaseClock.UtcNow().AddDays(-StaleAfterDays)
            || (s.User.LastSyncedAt != null && s.Device.LastSeenAt < DatabaseClock.UtcNow().AddDays(-StaleAfterDays))),
        _ => devices.Where(s => s.User.LastSyncedAt >= DatabaseClock.UtcNow().AddDays(-StaleAfterDays)
            && s.Device.LastSeenAt >= DatabaseClock.UtcNow().AddDays(-StaleAfterDays)),
    };

    internal sealed class Source
    {
        public required SyncDevice Device { get; init; }

        public required AppUser User { get; init; }
    }
}
