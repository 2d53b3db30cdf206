using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Sync;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>
/// Writes values that lost a conflict back, as the host application would: the triggers give them a version, and every device gets
/// them. Holds the person's head first and the row then, as a push does, so that none of both waits for the other in a circle.
/// </summary>
public sealed class ConflictRestoring(IDbContextFactory<DeviceDbContext> databases, TimeProvider time)
{
    internal async Task<SyncActOutcome> RestoreAsync(Actor actor, string conflictId, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await StampAsync(db, userId, cancellationToken);
        var conflict = await db.SyncConflicts.FromSql($"SELECT * FROM sync.conflicts WHERE id = {conflictId} FOR UPDATE").AsTracking().SingleAsync(cancellationToken);
        if (conflict is { Closed: { } how })
        {
            return new SyncActOutcome.AlreadyDone(how, conflict.ClosedBy, conflict.ClosedAt);
        }

        var entity = SyncEntity.Find(conflict.Entity)!;
        // By name: the portal's role may read no more of a host's tables.
        object? row = entity == SyncEntity.Task
            ? await db.Tasks.FromSql($"""
                SELECT id, "userId", title, notes, status, "dueAt", "completedAt", "createdAt", "updatedAt", "clientId" FROM public.tasks
                WHERE id = {conflict.EntityId} AND "userId" = {userId} FOR UPDATE
                """).AsTracking().SingleOrDefaultAsync(cancellationToken)
            : await db.FocusSessions.FromSql($"""
                SELECT id, "userId", "taskId", "startedAt", "endedAt", "durationSeconds", "createdAt", "updatedAt", "clientId" FROM public.focus_sessions
                WHERE id = {conflict.EntityId} AND "userId" = {userId} FOR UPDATE
                """).AsTracking().SingleOrDefaultAsync(cancellationToken);
        await StampAsync(db, userId, cancellationToken); // what was written until the row was held
        var values = Values(conflict, entity);
        if (row is not null && await ChangedSinceAsync(db, conflict, cancellationToken) is { Count: > 0 } changed)
        {
            return new SyncActOutcome.ChangedSince(changed);
        }

        if (row is null && (row = await NewRowAsync(db, conflict, entity, values, cancellationToken)) is null)
        {
            return new SyncActOutcome.RowIsGone();
        }

        var entry = db.Entry(row);
        foreach (var (name, value) in values)
        {
            entry.Property(Property(name)).CurrentValue = value;
        }

        entry.Property("UpdatedAt").CurrentValue = time.GetUtcNow().UtcDateTime;
        (conflict.Closed, conflict.ClosedBy, conflict.ClosedAt) = ("restored", actor.Name ?? actor.Id, time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await StampAsync(db, userId, cancellationToken);
        await SyncActs.FinishAsync(
            db, DeviceEventKind.ConflictRestored, actor, userId, conflict.LosingDeviceId ?? conflict.DeviceId, $"{conflict.Entity} {conflict.EntityId}: {string.Join(", ", conflict.Fields)}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SyncActOutcome.Done();
    }

    /// <summary>The fields that somebody wrote after the operation that met the conflict. All of them where the ledger forgot its version.</summary>
    private static async Task<List<string>> ChangedSinceAsync(DeviceDbContext db, SyncConflict conflict, CancellationToken cancellationToken)
    {
        var result = await db.SyncOperations.AsNoTracking().Where(o => o.UserId == conflict.UserId && o.OpId == conflict.OpId).Select(o => o.Result).SingleOrDefaultAsync(cancellationToken);
        var version = result is null || conflict.ByDelete ? 0 : JsonSerializer.Deserialize<PushResult>(result, PushResult.Json)!.Version ?? 0;
        var json = await db.SyncChanges.AsNoTracking().Where(c => c.UserId == conflict.UserId && c.Entity == conflict.Entity && c.EntityId == conflict.EntityId)
            .Select(c => c.FieldVersions).SingleAsync(cancellationToken);
        var fields = FieldVersion.Parse(json, SyncEntity.Find(conflict.Entity)!);
        return [.. conflict.Fields.Where(f => fields.TryGetValue(f, out var now) && now.Version > version)];
    }

    /// <summary>For a row that was deleted: made again under its old id, so that every device knows it. Null: too little is kept.</summary>
    private async Task<object?> NewRowAsync(DeviceDbContext db, SyncConflict conflict, SyncEntity entity, Dictionary<string, object?> values, CancellationToken cancellationToken)
    {
        if (entity.Fields.Any(f => f is { IsRequired: true, Default: null } && !values.ContainsKey(f.Name)))
        {
            return null;
        }

        var (now, clientId) = (time.GetUtcNow().UtcDateTime, await db.SyncClientIds.Where(c => c.UserId == conflict.UserId && c.Entity == conflict.Entity && c.EntityId == conflict.EntityId)
            .Select(c => c.ClientId).FirstOrDefaultAsync(cancellationToken));
        object row = entity == SyncEntity.Task
            ? new TaskItem { Id = conflict.EntityId, UserId = conflict.UserId, Title = "", ClientId = clientId, CreatedAt = now, UpdatedAt = now }
            : new FocusSession { Id = conflict.EntityId, UserId = conflict.UserId, ClientId = clientId, CreatedAt = now, UpdatedAt = now };
        db.Add(row);
        return row;
    }

    private static Dictionary<string, object?> Values(SyncConflict conflict, SyncEntity entity)
    {
        using var document = JsonDocument.Parse(conflict.Losing);
        return document.RootElement.EnumerateObject().Where(p => entity.Field(p.Name) is not null).ToDictionary(p => p.Name, p => (entity.Field(p.Name)!.Type, p.Value.ValueKind) switch
        {
            (_, JsonValueKind.Null) => null,
            (SyncFieldType.Number, _) => p.Value.GetInt32(),
            (SyncFieldType.Time, _) => (object)p.Value.GetDateTime().ToUniversalTime(),
            _ => p.Value.GetString(),
        }, StringComparer.Ordinal);
    }

    private static string Property(string field) => char.ToUpperInvariant(field[0]) + field[1..];

    private static Task<int> StampAsync(DeviceDbContext db, string userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT head FROM sync.stamp({userId})", cancellationToken);
}
