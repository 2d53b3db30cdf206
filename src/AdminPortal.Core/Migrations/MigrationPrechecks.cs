using System.Globalization;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What must hold in a target before its pending migrations run, asked of the target itself.</summary>
internal static class MigrationPrechecks
{
    private const int Samples = 20;

    public static async Task<IReadOnlyList<Precheck>> RunAsync(
        NpgsqlConnection connection, TargetHistory history, IReadOnlyList<MigrationScript> pending, CancellationToken cancellationToken)
    {
        List<Precheck> checks = [await RightsAsync(connection, cancellationToken), await ReplicaAsync(connection, cancellationToken), await LongTransactionsAsync(connection, cancellationToken)];
        checks.Add(await PoolerAsync(connection, cancellationToken));
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

    private static async Task<Precheck> RightsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var lacking = await TargetHistory.ListAsync(
            connection,
            """
            SELECT 'create schemas in ' || current_database() WHERE NOT has_database_privilege(current_database(), 'CREATE')
            UNION ALL SELECT 'create tables in schema public' WHERE NOT has_schema_privilege('public', 'CREATE')
            UNION ALL SELECT 'change ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('public', 'portal', 'sync') AND c.relkind = 'r' AND NOT pg_has_role(c.relowner, 'USAGE')
            """,
            r => r.GetString(0), cancellationToken);
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

    /// <summary>
    /// A pooler tells its clients a process number of its own. In transaction mode it gives every transaction another session,
    /// and locks and settings of a session do not hold.
    /// </summary>
    private static async Task<Precheck> PoolerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var direct = (await TargetHistory.ListAsync(connection, "SELECT pg_backend_pid()", r => r.GetInt32(0), cancellationToken))[0] == connection.ProcessID;
        return new("The connection goes to PostgreSQL itself", Severity.Error, direct, direct ? "it does" : "a connection pooler such as PgBouncer is in between",
            "Give the target an OwnerConnectionString that goes around the pooler.");
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
