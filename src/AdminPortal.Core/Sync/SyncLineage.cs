using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Sync;

/// <summary>What came of a reset of sync.</summary>
public enum SyncResetOutcome
{
    Done,
    NotAllowed,

    /// <summary>Nothing of sync is on that database, or the portal has no such target.</summary>
    Off,
}

/// <summary>
/// Notices when something else than the portal set a managed database back: the portal's own database keeps the version that was seen last
/// with its nonce, and a database that does not know it has lost what came after. A reset has every device read everything again.
/// </summary>
public sealed class SyncLineage(IDbContextFactory<PortalDbContext> portals, DeviceDatabases databases, KnownTargets targets, AuditLog audit)
{
    private const string Known = """
        SELECT coalesce(CASE WHEN h.version = $2 THEN h.nonce END, (SELECT s.nonce FROM sync.stamps s WHERE s."userId" = $1 AND s.version = $2)),
            m.epoch, EXISTS (SELECT FROM portal.users WHERE id = $1), h.version, h.nonce
        FROM sync.meta m LEFT JOIN sync.heads h ON h."userId" = $1
        """;

    private volatile Seen? last;
    private long highest;

    /// <summary>What a pull saw. Costs nothing; it is kept with the next <see cref="KeepAsync"/>.</summary>
    internal void Note(string userId, string epoch, SyncStampMark? mark)
    {
        if (mark is null)
        {
            return;
        }

        last = new Seen(userId, epoch, mark);
        for (var known = Interlocked.Read(ref highest); known < mark.Head; known = Interlocked.Read(ref highest))
        {
            Interlocked.CompareExchange(ref highest, mark.Head, known);
        }
    }

    /// <summary>Looks at the primary target, and keeps what was seen of it since.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (!await SyncModule.IsOnAsync(databases, cancellationToken))
        {
            return;
        }

        await using var connection = await databases.PrimaryDataSource.OpenConnectionAsync(cancellationToken);
        if (await LookAsync(databases.PrimaryName, connection, cancellationToken) is null && last is { } seen && !await WriteAsync(seen, cancellationToken))
        {
            await targets.IsKnownAsync(databases.PrimaryName, await TargetIdentity.ReadAsync(connection, cancellationToken), cancellationToken); // met here first
            await WriteAsync(seen, cancellationToken);
        }
    }

    /// <summary>When it was noticed that the primary target was set back; null: it was not, or sync was reset since.</summary>
    public async Task<DateTimeOffset?> SetBackAtAsync(CancellationToken cancellationToken)
    {
        await using var db = await portals.CreateDbContextAsync(cancellationToken);
        return await db.KnownTargets.Where(t => t.Name == databases.PrimaryName).Select(t => t.SetBackAt).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Every device reads everything again, and keeps what waits on it. On record.</summary>
    public async Task<SyncResetOutcome> ResetAsync(Actor actor, string? target, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return SyncResetOutcome.NotAllowed;
        }

        target ??= databases.PrimaryName;
        if (!databases.Names.Contains(target, StringComparer.OrdinalIgnoreCase))
        {
            return SyncResetOutcome.Off;
        }

        await using (var device = databases.CreateDbContext(target))
        {
            if (!await SyncModule.IsOnAsync(device, cancellationToken))
            {
                return SyncResetOutcome.Off;
            }
        }

        await using var db = await portals.CreateDbContextAsync(cancellationToken);
        var known = await db.KnownTargets.FirstOrDefaultAsync(t => t.Name == target, cancellationToken);
        await using (var connection = await databases.DataSource(target).OpenConnectionAsync(cancellationToken))
        {
            await SyncEpoch.RenewAsync(connection, Math.Max(known?.HighestHead ?? 0, Interlocked.Read(ref highest)), cancellationToken);
        }

        known?.SetBackAt = null;
        await db.SaveChangesAsync(cancellationToken);
        await audit.WriteAsync(actor, "sync.reset", target, "ok", reason, cancellationToken);
        return SyncResetOutcome.Done;
    }

    /// <summary>When it was noticed that a target was set back, perhaps now; null: it knows what was seen last.</summary>
    internal async Task<DateTimeOffset?> LookAsync(string target, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var db = await portals.CreateDbContextAsync(cancellationToken);
        if (await db.KnownTargets.FirstOrDefaultAsync(t => t.Name == target, cancellationToken) is not { LastStampVersion: { } version, LastStampUserId: { } user, LastStampNonce: { } nonce } known)
        {
            return null;
        }

        var found = await FindAsync(connection, user, version, cancellationToken);
        if (found.Epoch != known.LastStampEpoch || !found.IsThere)
        {
            known.SetBackAt = found.IsThere ? null : known.SetBackAt; // all cursors are void already; a person who was deleted proves nothing
            (known.LastStampVersion, known.LastStampUserId, known.LastStampNonce, known.LastStampEpoch) = (null, null, null, null);
        }
        else if (found.Nonce != nonce)
        {
            known.SetBackAt ??= TimeProvider.System.GetUtcNow();
        }
        else
        {
            (known.LastStampVersion, known.LastStampNonce) = (found.Head, found.HeadNonce); // moves on with the person's data: what is old is forgotten there one day
        }

        await db.SaveChangesAsync(cancellationToken);
        return known.SetBackAt;
    }

    /// <returns>False: the portal has not met that target yet.</returns>
    private async Task<bool> WriteAsync(Seen seen, CancellationToken cancellationToken)
    {
        var head = Interlocked.Read(ref highest);
        await using var db = await portals.CreateDbContextAsync(cancellationToken);
        return await db.KnownTargets.Where(t => t.Name == databases.PrimaryName).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.HighestHead, t => t.HighestHead > head ? t.HighestHead : head).SetProperty(t => t.LastStampUserId, seen.UserId)
                .SetProperty(t => t.LastStampEpoch, seen.Epoch).SetProperty(t => t.LastStampVersion, seen.Mark.Head).SetProperty(t => t.LastStampNonce, seen.Mark.Nonce),
            cancellationToken) > 0;
    }

    private static async Task<Found> FindAsync(NpgsqlConnection connection, string user, long version, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Known, connection);
        command.Parameters.AddRange((NpgsqlParameter[])[SyncSql.P(user), SyncSql.P(version)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Found(NonceAt(0), reader.GetString(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), NonceAt(4));

        Guid? NonceAt(int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
    }

    /// <param name="Nonce">Of the version that was asked for; null: the database does not know it.</param>
    /// <param name="IsThere">The person is.</param>
    private sealed record Found(Guid? Nonce, string Epoch, bool IsThere, long? Head, Guid? HeadNonce);

    private sealed record Seen(string UserId, string Epoch, SyncStampMark Mark);
}
