using System.Collections.Concurrent;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>
/// Whether sync is on for a database. It is off where the mapping of a host has nothing that syncs: then nothing of it is there. A
/// database that only waits for its migrations is on.
/// </summary>
public static class SyncModule
{
    private const string IsOff = """SELECT (to_regclass('sync.meta') IS NULL OR to_regclass('portal.sync_entities') IS NULL) AND coalesce(obj_description(to_regclass('portal.users'), 'pg_class') LIKE '%[portal %', false) AS "Value" """;
    private static readonly ConcurrentDictionary<string, long> On = new(StringComparer.Ordinal);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>That it is on may be some seconds old.</summary>
    public static async ValueTask<bool> IsOnAsync(DeviceDbContext db, CancellationToken cancellationToken)
    {
        var database = db.Database.GetConnectionString() ?? "";
        if (On.TryGetValue(database, out var at) && TimeProvider.System.GetElapsedTime(at) < Fresh)
        {
            return true;
        }

        if (await db.Database.SqlQueryRaw<bool>(IsOff).SingleAsync(cancellationToken))
        {
            return false;
        }

        On[database] = TimeProvider.System.GetTimestamp();
        return true;
    }

    /// <summary>The same of the database behind a factory.</summary>
    public static async ValueTask<bool> IsOnAsync(IDbContextFactory<DeviceDbContext> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await IsOnAsync(db, cancellationToken);
    }
}
