using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>What a dump does not hold, since it belongs to a database and not to what is in it: who may connect, and its settings.</summary>
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

    /// <param name="restored">Leads to the database that gets them.</param>
    public static async Task CopyAsync(
        TargetServer server, NpgsqlConnectionStringBuilder restored, string from, string to, RunJournal journal, CancellationToken cancellationToken)
    {
        var name = TargetServer.Quote(to);
        if (await server.ScalarAsync("SELECT 1 FROM pg_database WHERE datname = $1 AND datacl IS NOT NULL", [from], cancellationToken) is not null)
        {
            await server.ExecuteAsync($"REVOKE ALL ON DATABASE {name} FROM PUBLIC", cancellationToken);
        }

        await using var connection = new NpgsqlConnection(restored.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var (privilege, grantee, grantable) in await ReadAsync(connection, Grants, from, r => (r.GetString(0), r.IsDBNull(1) ? "PUBLIC" : r.GetString(1), r.GetBoolean(2)), cancellationToken))
        {
            await server.ExecuteAsync($"GRANT {privilege} ON DATABASE {name} TO {grantee}{(grantable ? " WITH GRANT OPTION" : "")}", cancellationToken);
        }

        foreach (var (role, setting, value) in await ReadAsync(connection, Settings, from, r => (r.IsDBNull(0) ? null : r.GetString(0), r.GetString(1), r.GetString(2)), cancellationToken))
        {
            try
            {
                // FROM CURRENT, because a list such as search_path cannot be written as one quoted word.
                await using var command = new NpgsqlCommand("SELECT set_config($1, $2, false)", connection) { Parameters = { new() { Value = setting }, new() { Value = value } } };
                await command.ExecuteNonQueryAsync(cancellationToken);
                var whose = role is null ? $"ALTER DATABASE {name}" : $"ALTER ROLE {role} IN DATABASE {name}";
                await using var keep = new NpgsqlCommand($"{whose} SET {TargetServer.Quote(setting)} FROM CURRENT", connection);
                await keep.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException exception)
            {
                journal.Log($"The setting {setting} of {from}{(role is null ? "" : $" for {role}")} was not copied: {exception.MessageText}");
            }
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
