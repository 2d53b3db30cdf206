using AdminPortal.Core.Migrations;
using AdminPortal.Core.Verification;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// What the runtime role may do in a database of the portal: read and write rows of the portal's own tables, never rewrite
/// history, and of a host's tables what <see cref="HostTableGrant"/> lists and nothing else. Applied by the owner after every
/// migration and every roll back, because new tables start without grants.
/// </summary>
public static class RuntimeGrants
{
    /// <summary>Tables that are only ever added to, in whichever database has them.</summary>
    private static readonly string[] AppendOnly = ["audit_events", "device_events"];

    /// <summary>What is on record of migrations and declared by them: the owner's alone.</summary>
    private static readonly string[] OnRecord = ["portal.\"__EFMigrationsHistory\"", $"portal.{MigrationSteps.Table}", "portal.sync_entities"];

    /// <summary>The portal's own tables and their sequences. A host may have a schema called sync with tables of its own.</summary>
    private const string OwnTables =
        """
        WITH own AS (
            SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'USAGE') AND (n.nspname = 'portal' OR (n.nspname = 'sync' AND c.relname = ANY ($1)))
        )
        SELECT format('%I.%I', nspname, relname), false, nspname::text FROM own
        UNION ALL SELECT format('%I.%I', n.nspname, c.relname), true, n.nspname::text
        FROM own JOIN pg_depend d ON d.refobjid = own.oid AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
        """;

    /// <summary>Does nothing when one role is both owner and runtime: then nothing can be withheld from it.</summary>
    public static async Task ApplyAsync(NpgsqlConnection owner, string? runtimeRole, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(runtimeRole) || runtimeRole == owner.UserName)
        {
            return;
        }

        using var quoting = new NpgsqlCommandBuilder();
        var role = quoting.QuoteIdentifier(runtimeRole);
        await using var batch = new NpgsqlBatch(owner);
        await AddOwnAsync(batch, owner, role, cancellationToken);
        foreach (var sql in await HostTableGrant.StatementsAsync(owner, runtimeRole, cancellationToken))
        {
            Add(batch, sql);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task AddOwnAsync(NpgsqlBatch batch, NpgsqlConnection owner, string role, CancellationToken cancellationToken)
    {
        var sync = CatalogueManifest.Current.Objects.Where(o => o is { Kind: CatalogueKind.Table, Schema: "sync" }).Select(o => o.Name).Distinct().ToArray();
        var tables = await ListAsync(owner, OwnTables, r => (Name: r.GetString(0), IsSequence: r.GetBoolean(1), Schema: r.GetString(2)), cancellationToken, (object)sync);
        foreach (var schema in tables.Select(table => table.Schema).Distinct())
        {
            Add(batch, $"GRANT USAGE ON SCHEMA {schema} TO {role}");
        }

        foreach (var (name, isSequence, _) in tables)
        {
            Add(batch, isSequence ? $"GRANT USAGE, SELECT ON SEQUENCE {name} TO {role}" : $"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {role}");
        }

        foreach (var table in AppendOnly.Select(table => $"portal.{table}").Where(name => tables.Exists(table => table.Name == name)))
        {
            Add(batch, $"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}");
        }

        foreach (var table in OnRecord.Where(name => tables.Exists(table => table.Name == name)))
        {
            Add(batch, $"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {role}");
        }
    }

    private static void Add(NpgsqlBatch batch, string sql)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        batch.BatchCommands.Add(command);
    }

    internal static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string query, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(query, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
