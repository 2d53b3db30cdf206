using System.Globalization;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What must hold in a target before its pending migrations run, asked of the target itself.</summary>
internal static class MigrationPrechecks
{
    private const int Samples = 20;

    public static async Task<IReadOnlyList<Precheck>> RunAsync(
        NpgsqlConnection connection, TargetHistory history, MigrationSet set, IReadOnlyList<MigrationScript> pending, string? runtimeRole, CancellationToken cancellationToken)
    {
        List<Precheck> checks = [await RightsAsync(connection, set, pending, cancellationToken), await MigrationHolders.CheckAsync(connection, set, pending, cancellationToken), await ReplicaAsync(connection, cancellationToken), await LongTransactionsAsync(connection, cancellationToken)];
        var unready = await TargetReadiness.ObstacleAsync(connection, cancellationToken);
        checks.Add(new("The database takes changes of its schema", Severity.Error, unready is null, unready ?? "it does"));
        checks.AddRange(await HostBarriers.CheckAsync(connection, set, runtimeRole, cancellationToken));
        if (history.IsEmpty && set.People is null)
        {
            checks.Add(await PeopleCandidates.CheckAsync(connection, cancellationToken));
        }

        if (set.People is not null || history.IsEmpty || history.Applied.Count > 0)
        {
            checks.Add(await WantedNames.CheckAsync(connection, set, pending, cancellationToken));
        }

        if (history.Prisma.FirstOrDefault(m => m.Failed) is { } failed)
        {
            checks.Add(new("Prisma has no failed migration", Severity.Error, false, $"“{failed.Name}” failed", "Compare history and catalogue and resolve it here when it is one of the guides; a migration of your own: prisma migrate resolve."));
        }

        var names = pending.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (migration, table) in new[] { ("add_mobile_sync_support_tasks_client_id", "tasks"), ("add_mobile_sync_support_focus_sessions_client_id", "focus_sessions") })
        {
            if (names.Contains(migration) && !history.IsEmpty && !names.Contains("add_mobile_sync_support"))
            {
                checks.Add(await DuplicatesAsync(connection, table, cancellationToken));
            }
        }

        return checks;
    }

    /// <summary>Only of what the pending migrations touch: another team's table in the same schema is nobody's business here.</summary>
    private static async Task<Precheck> RightsAsync(NpgsqlConnection connection, MigrationSet set, IReadOnlyList<MigrationScript> pending, CancellationToken cancellationToken)
    {
        var touched = MigrationHolders.TouchedBy(set, pending);
        var lacking = (await TargetHistory.ListAsync(
            connection,
            """
            SELECT 'create schemas in ' || current_database(), NULL WHERE NOT has_database_privilege(current_database(), 'CREATE')
            UNION ALL SELECT 'create tables in schema public', NULL WHERE NOT has_schema_privilege('public', 'CREATE')
            UNION ALL SELECT 'change ' || c.relname, n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')
            """,
            r => (What: r.GetString(0), Table: r.IsDBNull(1) ? null : r.GetString(1)), cancellationToken))
            .Where(right => right.Table is null || touched.Contains(right.Table)).Select(right => right.What).ToList();
        return new("The owner's role may change the schema", Severity.Error, lacking.Count == 0, lacking.Count == 0 ? "it may" : $"it may not: {string.Join(", ", lacking.Take(3))}",
            "Set OwnerConnectionString of the target to the role that owns its tables.", [.. lacking.Take(Samples)]);
    }

    private static async Task<Precheck> ReplicaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var standby = (await TargetHistory.ListAsync(connection, "SELECT pg_is_in_recovery()", r => r.GetBoolean(0), cancellationToken))[0];
        var lag = await TargetHistory.ListAsync(
            connection, "SELECT extract(epoch FROM coalesce(max(replay_lag), interval '0'))::float8 FROM pg_stat_replication", r => r.GetDouble(0), cancellationToken);
        return standby
            ? new("The server takes writes", Severity.Error, false, "it is a standby", "Point the target to the primary server.")
            : new("Replicas keep up", Severity.Warning, lag[0] < 30, string.Create(CultureInfo.InvariantCulture, $"the slowest is {lag[0]:F0} s behind"), "Wait until they caught up: an index build adds to it.");
    }

    private static async Task<Precheck> LongTransactionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var open = await TargetHistory.ListAsync(
            connection,
            """
            SELECT format('%s (%s, process %s): open for %s', coalesce(nullif(application_name, ''), 'unnamed program'), usename, pid, date_trunc('second', now() - xact_start))
            FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < now() - interval '1 minute' ORDER BY xact_start
            """,
            r => r.GetString(0), cancellationToken);
        return new("No transaction is open for longer than a minute", Severity.Warning, open.Count == 0, open.Count == 0 ? "none" : open[0],
            "An index build waits for it, and others wait behind the migration. End it, or wait.", [.. open.Take(Samples)]);
    }

    private static async Task<Precheck> DuplicatesAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        var found = await TargetHistory.ListAsync(
            connection,
            $"""SELECT format('%s: %s rows', "clientId", count(*)) FROM public.{table} WHERE "clientId" IS NOT NULL GROUP BY "clientId" HAVING count(*) > 1 ORDER BY count(*) DESC""",
            r => r.GetString(0), cancellationToken);
        return new($"Every clientId of {table} is there once", Severity.Error, found.Count == 0, found.Count == 0 ? "no duplicates" : $"{found.Count:N0} are there more than once",
            "Resolve them on the page Verification, Duplicates.", [.. found.Take(Samples)]);
    }
}
