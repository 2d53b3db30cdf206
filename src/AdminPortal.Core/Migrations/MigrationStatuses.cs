using AdminPortal.Core.Hosts;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Migrations;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Reads how targets' migrations stand: the target's own history, this build, and the portal's records side by side.</summary>
public sealed class MigrationStatuses(TargetAccess access, KnownTargets known, HostMappings mappings, IDbContextFactory<PortalDbContext> contexts)
{
    private const int Patience = 5;

    /// <summary>Never throws for a target that is away, busy or not the one it claims to be.</summary>
    public async Task<MigrationStatus> ReadAsync(string target, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await TargetConnection.OpenAsync(new NpgsqlConnectionStringBuilder(access.Owner(target).ConnectionString) { Timeout = Patience }.ConnectionString, cancellationToken);
            var history = await TargetHistory.ReadAsync(connection, cancellationToken);
            if (!await known.IsKnownAsync(target, history.Identity, cancellationToken))
            {
                return new MigrationStatus.Foreign(target, history.Identity);
            }

            return await ComposeAsync(target, history, await mappings.SetAsync(target, connection, cancellationToken), cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return new MigrationStatus.Busy(target);
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return new MigrationStatus.Down(target, TargetAvailability.Describe(exception));
        }
    }

    internal async Task<MigrationStatus.Known> ComposeAsync(string target, TargetHistory history, MigrationSet set, CancellationToken cancellationToken)
    {
        var last = (await RecordsAsync(target, history.Identity.Key, cancellationToken)).GroupBy(r => r.MigrationId).ToDictionary(g => g.Key, g => g.Last());
        var applied = history.Applied.ToHashSet(StringComparer.Ordinal);
        var newest = history.Applied.Count == 0 ? "" : history.Applied[^1];
        var rows = set.All.Select(m => m.Id).Union(history.Applied).Order(StringComparer.Ordinal)
            .Select(id => new MigrationRow(id, StateOf(set, id, applied.Contains(id), newest, last.GetValueOrDefault(id)), last.GetValueOrDefault(id)));
        return new MigrationStatus.Known(target, history.Identity, [.. rows], history.Prisma, NeedsAdoption: set.People is null && !history.IsEmpty && history.Applied.Count == 0);
    }

    /// <summary>Oldest first.</summary>
    internal async Task<IReadOnlyList<MigrationRecordRow>> RecordsAsync(string target, string identity, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.MigrationRecords.AsNoTracking().Where(r => r.Target == target && r.Identity == identity).OrderBy(r => r.Id)
            .Select(r => new MigrationRecordRow(r.MigrationId, r.Act, r.SqlHash, r.RunId, r.ActorName, r.StartedAt, r.FinishedAt, r.Succeeded, r.Error))
            .ToListAsync(cancellationToken);
    }

    private static MigrationState StateOf(MigrationSet set, string id, bool isApplied, string newest, MigrationRecordRow? last) => (isApplied, last) switch
    {
        (true, _) => set.Find(id) is null ? MigrationState.Unknown : MigrationState.Applied,
        (false, { Act: MigrationAct.Up, Succeeded: not true }) => MigrationState.Failed,
        (false, { Act: MigrationAct.Down or MigrationAct.Restored, Succeeded: true }) => MigrationState.RolledBack,
        _ => string.CompareOrdinal(id, newest) < 0 ? MigrationState.OutOfOrder : MigrationState.Pending,
    };
}
