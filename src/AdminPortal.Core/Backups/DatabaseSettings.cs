using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>What a dump does not hold, since it belongs to a database and not to what is in it: its owner and comment, who may connect, and its settings.</summary>
internal static class DatabaseSettings
{
    private const string Grants =
        """
        SELECT a.privilege_type, CASE WHEN a.grantee = 0 THEN NULL ELSE a.grantee::regrole::text END, a.is_grantable
        FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a WHERE d.datname = $1 AND a.grantee <> d.datdba
        """;

    private const string Settings =
        """
        SELECT CASE WHEN s.setrole = 0 THEN NULL ELSE s.setrole::regrole::text END, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
        FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase CROSS JOIN LATERAL unnest(s.setconfig) c WHERE d.datname = $1
        """;

    /// <summary>What could not be copied, in words; empty: nothing.</summary>
    /// <param name="connection">To the database that gets them, with nothing else to do in it.</param>
    public static async Task<IReadOnlyList<string>> CopyAsync(
        TargetServer server, NpgsqlConnection connection, string from, string to, RunJournal journal, CancellationToken cancellationToken)
    {
        var name = TargetServer.Quote(to);
        List<string> lost = [];
        if (await server.ScalarAsync("SELECT datdba::regrole::text FROM pg_database WHERE datname = $1 AND datdba <> (SELECT oid FROM pg_roles WHERE rolname = current_user)", [from], cancellationToken) is string owner)
        {
            await TryAsync(server.Connection, $"ALTER DATABASE {name} OWNER TO {owner}", $"the database's owner {owner}", lost, journal, cancellationToken);
        }

        if (await server.ScalarAsync("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", [from], cancellationToken) is string comment)
        {
            await TryAsync(server.Connection, $"COMMENT ON DATABASE {name} IS {TargetServer.Literal(comment)}", "the database's comment", lost, journal, cancellationToken);
        }

        if (await server.ScalarAsync("SELECT 1 FROM pg_database WHERE datname = $1 AND datacl IS NOT NULL", [from], cancellationToken) is not null)
        {
            await TryAsync(server.Connection, $"REVOKE ALL ON DATABASE {name} FROM PUBLIC", "the database's grants", lost, journal, cancellationToken);
        }

        foreach (var (privilege, grantee, grantable) in await ReadAsync(connection, Grants, from, r => (r.GetString(0), r.IsDBNull(1) ? "PUBLIC" : r.GetString(1), r.GetBoolean(2)), cancellationToken))
        {
            await TryAsync(
                server.Connection, $"GRANT {privilege} ON DATABASE {name} TO {grantee}{(grantable ? " WITH GRANT OPTION" : "")}", $"{privilege} on the database for {grantee}", lost, journal, cancellationToken);
        }

        foreach (var (role, setting, value) in await ReadAsync(connection, Settings, from, r => (r.IsDBNull(0) ? null : r.GetString(0), r.GetString(1), r.GetString(2)), cancellationToken))
        {
            // FROM CURRENT, because a list such as search_path cannot be written as one quoted word.
            var whose = role is null ? $"ALTER DATABASE {name}" : $"ALTER ROLE {role} IN DATABASE {name}";
            await TryAsync(
                connection, $"SELECT set_config({TargetServer.Literal(setting)}, {TargetServer.Literal(value)}, false); {whose} SET {TargetServer.Quote(setting)} FROM CURRENT",
                $"the database's setting {setting}{(role is null ? "" : $" for {role}")}", lost, journal, cancellationToken);
            await using var reset = new NpgsqlCommand("RESET ALL", connection); // such as default_transaction_read_only, which is for those who connect later
            await reset.ExecuteNonQueryAsync(cancellationToken);
        }

        return lost;
    }

    private static async Task TryAsync(NpgsqlConnection connection, string sql, string what, List<string> lost, RunJournal journal, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            lost.Add(what);
            journal.Log($"Not copied, {what}: {exception.MessageText}");
        }
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, string database, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = database } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
