using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data;
using AdminPortal.Data.Sync;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>Answers "where is this task": which version it has, who wrote it, and which of the person's devices have it.</summary>
public sealed class SyncTraces(IDbContextFactory<DeviceDbContext> databases, SyncEntities declared)
{
    /// <param name="idOrClientId">Of a row of that person; nobody else's is ever found.</param>
    /// <returns>Null: nothing with this id ever came from any device of the person, or the actor may not see the person.</returns>
    public async Task<SyncTrace?> FindAsync(Actor actor, string userId, string idOrClientId, CancellationToken cancellationToken)
    {
        var text = idOrClientId.Trim();
        if ((!actor.SeesEveryone && !actor.Owns(userId)) || text is "" || text.Length > 128 || text.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await db.SyncClientIds.AsNoTracking().Where(c => c.UserId == userId && (c.ClientId == text || c.EntityId == text)).FirstOrDefaultAsync(cancellationToken);
        var id = known?.EntityId ?? text;
        var change = await db.SyncChanges.AsNoTracking().Where(c => c.UserId == userId && c.EntityId == id).FirstOrDefaultAsync(cancellationToken);
        var waiting = change is null ? await db.SyncDirty.AsNoTracking().Where(d => d.UserId == userId && d.EntityId == id).Select(d => d.Entity).FirstOrDefaultAsync(cancellationToken) : null;
        var refused = await db.SyncRejections.AsNoTracking().Where(r => r.UserId == userId && r.ClientId == text && r.Closed == null)
            .OrderByDescending(r => r.At).Select(r => new { r.Entity, r.Problem }).FirstOrDefaultAsync(cancellationToken);
        if ((change?.Entity ?? waiting ?? known?.Entity ?? refused?.Entity) is not { } entity)
        {
            return null;
        }

        var standings = await SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)).Where(s => s.UserId == userId).OrderBy(s => s.DeviceId).ToListAsync(cancellationToken);
        var words = (await SyncConsents.StateAsync(db, actor, userId, cancellationToken)).MayReadWords;
        var entities = await declared.GetAsync(cancellationToken);
        var title = words && entity == "task" && !entities.IsDeclared ? await db.Tasks.Where(t => t.Id == id && t.UserId == userId).Select(t => t.Title).FirstOrDefaultAsync(cancellationToken) : null;
        return new SyncTrace(
            id, known?.ClientId ?? (refused is null ? null : text), entity, change?.Version, change?.Deleted == true, change?.ChangedAt, title, refused?.Problem,
            change is null ? [] : Fields(entities, change, standings), change is null ? [] : await DevicesAsync(db, standings, change.Version, cancellationToken));
    }

    private static List<TracedField> Fields(SyncEntitySet entities, SyncChange change, List<SyncStanding> devices) =>
    [
        .. (entities.Find(change.Entity) is { } entity ? FieldVersion.Parse(change.FieldVersions, entity) : []).OrderByDescending(f => f.Value.Version).ThenBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => new TracedField(f.Key, f.Value.Version, f.Value.DeviceId is { } by ? devices.FirstOrDefault(d => d.DeviceId == by)?.Title ?? by : null)),
    ];

    private static async Task<List<TracedDevice>> DevicesAsync(DeviceDbContext db, List<SyncStanding> devices, long version, CancellationToken cancellationToken)
    {
        var ids = devices.Where(d => d.AcknowledgedVersion >= version).Select(d => d.DeviceId).ToArray();

        // An empty page at a head confirms everything up to it.
        var confirmed = await db.SyncRequests.AsNoTracking().Where(r => ids.Contains(r.DeviceId) && r.Kind == "pull" && r.Status == 200 && r.Items == 0 && r.Head >= version)
            .GroupBy(r => r.DeviceId).Select(g => new { g.Key, At = g.Min(r => r.At) }).ToDictionaryAsync(g => g.Key, g => g.At, cancellationToken);
        return devices.ConvertAll(d => new TracedDevice(
            d.DeviceId, d.Title, d.AcknowledgedVersion >= version ? TracedState.Confirmed : d.SentVersion >= version ? TracedState.Sent : TracedState.Missing,
            confirmed.TryGetValue(d.DeviceId, out var at) ? at : null, d.AcknowledgedVersion));
    }
}
