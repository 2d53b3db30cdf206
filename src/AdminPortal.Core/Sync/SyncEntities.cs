using AdminPortal.Core.Hosts;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Sync;

/// <summary>The entities that devices sync on the primary target: those that its host declared, else the guides' own.</summary>
public sealed class SyncEntities(DeviceDatabases databases, TimeProvider time)
{
    private const string Query = "SELECT definition::text FROM portal.sync_entities ORDER BY position";
    private const string IsMapped = "SELECT coalesce(obj_description(to_regclass('portal.users'), 'pg_class') LIKE '%[portal %', false)";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private volatile Known? known;

    /// <summary>What was declared some seconds ago may not be known yet.</summary>
    internal async ValueTask<SyncEntitySet> GetAsync(CancellationToken cancellationToken)
    {
        if (known is { } before && time.GetElapsedTime(before.At) < Fresh)
        {
            return before.Set;
        }

        return await RefreshAsync(cancellationToken);
    }

    /// <summary>For the API's description; where nothing syncs, or the database is away, the guides' own.</summary>
    public async ValueTask<IReadOnlyList<SyncShape>> ShapesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return SyncShape.Of(await GetAsync(cancellationToken));
        }
        catch (NpgsqlException)
        {
            return SyncShape.Of(SyncEntitySet.OfTheGuides);
        }
    }

    /// <summary>As they are now: before something is refused or left out because of what is not known.</summary>
    internal async Task<SyncEntitySet> RefreshAsync(CancellationToken cancellationToken)
    {
        var read = await ReadAsync(cancellationToken);
        known = read;
        return read.Set;
    }

    private async Task<Known> ReadAsync(CancellationToken cancellationToken)
    {
        var at = time.GetTimestamp();
        try
        {
            await using var command = databases.KeyedDataSource.CreateCommand(Query);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            List<string> definitions = [];
            while (await reader.ReadAsync(cancellationToken))
            {
                definitions.Add(reader.GetString(0));
            }

            return known is { } before && before.Definitions.SequenceEqual(definitions, StringComparer.Ordinal)
                ? before with { At = at }
                : new Known(definitions, SyncEntitySet.Of(definitions.Select(HostEntity.Parse)), at);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await using var look = databases.KeyedDataSource.CreateCommand(IsMapped);
            if (await look.ExecuteScalarAsync(cancellationToken) is true)
            {
                throw; // what syncs is being changed: nothing is to be judged by other rules meanwhile
            }

            return new Known([], SyncEntitySet.OfTheGuides, at);
        }
    }

    private sealed record Known(IReadOnlyList<string> Definitions, SyncEntitySet Set, long At);
}
