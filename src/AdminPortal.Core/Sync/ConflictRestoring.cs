using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AdminPortal.Core.Sync;

/// <summary>
/// Writes values that lost a conflict back, as the host application would: the triggers give them a version, and every device gets
/// them. Holds the person's head first and the row then, as a push does, so that none of both waits for the other in a circle.
/// </summary>
public sealed class ConflictRestoring(IDbContextFactory<DeviceDbContext> databases, SyncEntities declared, TimeProvider time)
{
    internal async Task<SyncActOutcome> RestoreAsync(Actor actor, string conflictId, string userId, CancellationToken cancellationToken)
    {
        var entities = await declared.GetAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await StampAsync(db, userId, cancellationToken);
        var conflict = await db.SyncConflicts.FromSql($"SELECT * FROM sync.conflicts WHERE id = {conflictId} FOR UPDATE").AsTracking().SingleAsync(cancellationToken);
        if (conflict is { Closed: { } how })
        {
            return new SyncActOutcome.AlreadyDone(how, conflict.ClosedBy, conflict.ClosedAt);
        }

        if (entities.Find(conflict.Entity) is not { } entity)
        {
            return new SyncActOutcome.RowIsGone(); // it does not sync any more
        }

        var isThere = await IsThereAsync(db, transaction, entity, conflict, cancellationToken);
        await StampAsync(db, userId, cancellationToken); // what was written until the row was held
        var values = Values(conflict, entity);
        if (isThere && await ChangedSinceAsync(db, conflict, entity, cancellationToken) is { Count: > 0 } changed)
        {
            return new SyncActOutcome.ChangedSince(changed);
        }

        if (!await WriteAsync(db, transaction, entity, conflict, values, isThere, cancellationToken))
        {
            return new SyncActOutcome.RowIsGone();
        }

        (conflict.Closed, conflict.ClosedBy, conflict.ClosedAt) = ("restored", actor.Name ?? actor.Id, time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await StampAsync(db, userId, cancellationToken);
        await SyncActs.FinishAsync(
            db, DeviceEventKind.ConflictRestored, actor, userId, conflict.LosingDeviceId ?? conflict.DeviceId, $"{conflict.Entity} {conflict.EntityId}: {string.Join(", ", conflict.Fields)}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SyncActOutcome.Done();
    }

    /// <summary>Holds the row for the rest of the transaction.</summary>
    private static async Task<bool> IsThereAsync(DeviceDbContext db, IDbContextTransaction transaction, SyncEntity entity, SyncConflict conflict, CancellationToken cancellationToken)
    {
        await using var command = Command(db, transaction, entity.Statements.Lock, SyncSql.P(conflict.UserId), SyncSql.P((string[])[conflict.EntityId]));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    /// <summary>A row that was deleted is made again under its old id, so that every device knows it.</summary>
    /// <returns>False: too little is kept of it.</returns>
    private static async Task<bool> WriteAsync(
        DeviceDbContext db, IDbContextTransaction transaction, SyncEntity entity, SyncConflict conflict, Dictionary<string, object?> values, bool isThere, CancellationToken cancellationToken)
    {
        string? clientId = null;
        if (!isThere)
        {
            clientId = await db.SyncClientIds.Where(c => c.UserId == conflict.UserId && c.Entity == conflict.Entity && c.EntityId == conflict.EntityId).Select(c => c.ClientId).FirstOrDefaultAsync(cancellationToken);
            if (await ReviveAsync(db, transaction, entity, conflict, cancellationToken))
            {
                isThere = true;
            }
            else if (Missing(entity, values))
            {
                return false;
            }
            else
            {
                foreach (var field in entity.Fields.Where(f => f is { IsReadOnly: false, HasDefault: false } && !values.ContainsKey(f.Name)))
                {
                    values[field.Name] = field.Default;
                }
            }
        }

        List<SyncField> fields = [.. entity.Fields.Where(f => values.ContainsKey(f.Name))];
        if (isThere && fields.Count == 0)
        {
            return true; // only what devices cannot write was lost
        }

        await using var command = Command(
            db, transaction, isThere ? entity.Statements.Update(fields) : entity.Statements.Insert(fields),
            [SyncSql.P(conflict.UserId), SyncSql.P((string[])[conflict.EntityId]), SyncSql.P((string?[])[clientId]), .. fields.Select(f => SyncValues.Column(f.Type, [values[f.Name]]))]);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    /// <summary>A row that is only marked as deleted is there again without the mark.</summary>
    private static async Task<bool> ReviveAsync(DeviceDbContext db, IDbContextTransaction transaction, SyncEntity entity, SyncConflict conflict, CancellationToken cancellationToken)
    {
        if (entity.Statements.Revive is not { } revive)
        {
            return false;
        }

        await using var command = Command(db, transaction, revive, SyncSql.P(conflict.UserId), SyncSql.P(conflict.EntityId));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>The fields that somebody wrote after the operation that met the conflict. All of them where the ledger forgot its version.</summary>
    private static async Task<List<string>> ChangedSinceAsync(DeviceDbContext db, SyncConflict conflict, SyncEntity entity, CancellationToken cancellationToken)
    {
        var result = await db.SyncOperations.AsNoTracking().Where(o => o.UserId == conflict.UserId && o.OpId == conflict.OpId).Select(o => o.Result).SingleOrDefaultAsync(cancellationToken);
        var version = result is null || conflict.ByDelete ? 0 : JsonSerializer.Deserialize<PushResult>(result, PushResult.Json)!.Version ?? 0;
        var json = await db.SyncChanges.AsNoTracking().Where(c => c.UserId == conflict.UserId && c.Entity == conflict.Entity && c.EntityId == conflict.EntityId)
            .Select(c => c.FieldVersions).SingleAsync(cancellationToken);
        var fields = FieldVersion.Parse(json, entity);
        return [.. conflict.Fields.Where(f => fields.TryGetValue(f, out var now) && now.Version > version)];
    }

    /// <summary>True: too little is kept of a deleted row to make it again.</summary>
    private static bool Missing(SyncEntity entity, Dictionary<string, object?> values) =>
        entity.Fields.Any(f => f is { IsRequired: true, Default: null, IsReadOnly: false, HasDefault: false } && !values.ContainsKey(f.Name));

    private static Dictionary<string, object?> Values(SyncConflict conflict, SyncEntity entity)
    {
        using var document = JsonDocument.Parse(conflict.Losing);
        return document.RootElement.EnumerateObject().Where(p => entity.Field(p.Name) is { IsReadOnly: false }).ToDictionary(p => p.Name, p => SyncValues.Kept(entity.Field(p.Name)!, p.Value), StringComparer.Ordinal);
    }

    private static NpgsqlCommand Command(DeviceDbContext db, IDbContextTransaction transaction, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction());
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static Task<int> StampAsync(DeviceDbContext db, string userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT head FROM sync.stamp({userId})", cancellationToken);
}
