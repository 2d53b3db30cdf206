using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Asks before anything is changed whether this connection can change the schema at all: a pooler, a standby, a read-only database, a
/// missing right or an event trigger would stop it half-way, with words that help nobody.
/// </summary>
internal static class TargetReadiness
{
    private const string Query = """
        SELECT pg_backend_pid(), pg_is_in_recovery(), current_setting('transaction_read_only')::boolean, current_database(), current_user,
            CASE WHEN to_regnamespace('portal') IS NULL THEN has_database_privilege(current_database(), 'CREATE') ELSE has_schema_privilege('portal', 'CREATE') END,
            (SELECT string_agg(quote_ident(evtname), ', ' ORDER BY evtname) FROM pg_event_trigger WHERE evtenabled IN ('O', 'A')), to_regnamespace('portal') IS NULL
        """;

    private const string Probe = "CREATE SCHEMA IF NOT EXISTS portal; CREATE TABLE portal.readiness_probe (id integer); DROP TABLE portal.readiness_probe";

    /// <summary>What stands in the way, with its remedy; null: nothing.</summary>
    public static async Task<string?> ObstacleAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (pid, isStandby, isReadOnly, database, role, mayCreate, triggers, isFirst) = (await TargetHistory.ListAsync(
            connection, Query,
            r => (r.GetInt32(0), r.GetBoolean(1), r.GetBoolean(2), r.GetString(3), r.GetString(4), r.GetBoolean(5), r.IsDBNull(6) ? null : r.GetString(6), r.GetBoolean(7)), cancellationToken))[0];
        return (pid == connection.ProcessID, isStandby, isReadOnly, mayCreate, triggers) switch
        {
            (false, _, _, _, _) => "A connection pooler such as PgBouncer is in between: locks and settings of a session do not hold. Give the target an OwnerConnectionString that goes around the pooler.",
            (_, true, _, _, _) => "The server is a standby and takes no changes. Point the target to the primary server.",
            (_, _, true, _, _) => $"The database “{database}”, or the role {role}, is set to read-only (default_transaction_read_only). Set it to off for one of them, such as ALTER ROLE {role} SET default_transaction_read_only = off.",
            (_, _, _, false, _) when isFirst => $"The role {role} may not create schemas in “{database}”. GRANT CREATE ON DATABASE {database} TO {role}, or set OwnerConnectionString of the target to the role that owns its tables.",
            (_, _, _, false, _) => $"The role {role} may not create tables in the schema portal. Set OwnerConnectionString of the target to the role that owns it.",
            (_, _, _, _, { } names) => await ProbeAsync(connection, names, cancellationToken),
            _ => null,
        };
    }

    /// <summary>In a transaction that is rolled back: only so an event trigger says whether it objects.</summary>
    private static async Task<string?> ProbeAsync(NpgsqlConnection connection, string triggers, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await TargetHistory.ExecuteAsync(connection, $"SET LOCAL lock_timeout = '2s'; {Probe}", cancellationToken);
            return null;
        }
        catch (PostgresException exception) when (!exception.SqlState.StartsWith("57P", StringComparison.Ordinal))
        {
            return $"An event trigger of this database ({triggers}) refuses changes of the schema: {exception.MessageText}. Have its owner let the portal's role through, or ALTER EVENT TRIGGER … DISABLE for the time of the work.";
        }
        finally
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
    }
}
