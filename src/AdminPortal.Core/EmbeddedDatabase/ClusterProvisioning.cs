using Npgsql;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>Roles, databases and privileges of a running cluster. Every step may be repeated, and is, at every start.</summary>
internal static class ClusterProvisioning
{
    public const string OwnerName = "portal_owner";
    public const string RuntimeName = "portal_runtime";

    public static async Task EnsureRolesAsync(string superuserConnection, ClusterSecrets secrets, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(superuserConnection);
        await connection.OpenAsync(cancellationToken);
        foreach (var (role, password) in new[] { (OwnerName, secrets.Owner), (RuntimeName, secrets.Runtime) })
        {
            if (!await ExistsAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", role, cancellationToken))
                await ExecuteAsync(connection, $"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{password}'", cancellationToken);
        }

        // A backup is restored into a new database, and put in a target's place after the sessions there were ended.
        await ExecuteAsync(connection, $"ALTER ROLE {OwnerName} CREATEDB; GRANT pg_signal_backend TO {OwnerName}", cancellationToken);
    }

    /// <param name="connectionTo">Gives a superuser's connection string for a database.</param>
    public static async Task EnsureDatabaseAsync(
        Func<string, string> connectionTo, string database, string? template, CancellationToken cancellationToken)
    {
        await using (var connection = new NpgsqlConnection(connectionTo("postgres")))
        {
            await connection.OpenAsync(cancellationToken);
            var name = Quote(database);
            if (!await ExistsAsync(connection, "SELECT 1 FROM pg_database WHERE datname = $1", database, cancellationToken))
                await ExecuteAsync(connection, $"CREATE DATABASE {name} OWNER {OwnerName} TEMPLATE {Quote(template ?? "template1")}", cancellationToken);
            await ExecuteAsync(connection, $"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {RuntimeName}", cancellationToken);
        }

        await using (var connection = new NpgsqlConnection(connectionTo(database)))
        {
            await connection.OpenAsync(cancellationToken);
            await ExecuteAsync(connection, Privileges, cancellationToken);
        }
    }

    public static async Task DropDatabaseAsync(string superuserConnection, string database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(superuserConnection);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS {Quote(database)} WITH (FORCE)", cancellationToken);
    }

    /// <summary>
    /// Nothing of what the owner's role creates is the runtime role's by default: a host may use it too. What the portal needs it grants
    /// after every migration. Clusters of earlier builds had such defaults.
    /// </summary>
    private const string Privileges = $"""
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
        GRANT ALL ON SCHEMA public TO {OwnerName};
        GRANT USAGE ON SCHEMA public TO {RuntimeName};
        ALTER DEFAULT PRIVILEGES FOR ROLE {OwnerName} REVOKE ALL ON SCHEMAS FROM {RuntimeName};
        ALTER DEFAULT PRIVILEGES FOR ROLE {OwnerName} REVOKE ALL ON TABLES FROM {RuntimeName};
        ALTER DEFAULT PRIVILEGES FOR ROLE {OwnerName} REVOKE ALL ON SEQUENCES FROM {RuntimeName};
        """;

    private static string Quote(string identifier) => new NpgsqlCommandBuilder().QuoteIdentifier(identifier);

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = name } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
