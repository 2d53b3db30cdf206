using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// What the runtime role may do in a database of the portal: read and write rows, and never rewrite history.
/// Applied by the owner after every migration, because new tables start without grants.
/// </summary>
public static class RuntimeGrants
{
    private static readonly string[] Schemas = ["public", "portal", "sync"];

    /// <summary>Tables that are only ever added to, in whichever database has them.</summary>
    private static readonly string[] AppendOnly = ["audit_events", "device_events"];

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
        foreach (var schema in await ExistingAsync(
            owner, "SELECT nspname FROM pg_namespace WHERE nspname = ANY($1)", Schemas, cancellationToken))
        {
            Add(batch, $"GRANT USAGE ON SCHEMA {schema} TO {role}");
            Add(batch, $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}");
            Add(batch, $"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}");
        }

        const string Tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'portal' AND tablename = ANY($1)";
        foreach (var table in await ExistingAsync(owner, Tables, AppendOnly, cancellationToken))
        {
            Add(batch, $"REVOKE UPDATE, DELETE, TRUNCATE ON portal.{quoting.QuoteIdentifier(table)} FROM {role}");
        }

        foreach (var table in await ExistingAsync(owner, Tables, ["__EFMigrationsHistory"], cancellationToken))
        {
            Add(batch, $"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON portal.{quoting.QuoteIdentifier(table)} FROM {role}");
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static void Add(NpgsqlBatch batch, string sql)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        batch.BatchCommands.Add(command);
    }

    private static async Task<List<string>> ExistingAsync(
        NpgsqlConnection owner, string query, string[] names, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, owner) { Parameters = { new() { Value = names } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
