using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// The owner's connections to managed databases. A host may have set any search path for its database or role; what the portal reads
/// and makes there never depends on it.
/// </summary>
internal static class TargetConnection
{
    /// <summary>An open one of its own; the caller closes it.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await PinAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A statement and not a setting of the connection: a pooler refuses that, and could not be told from a server that is away.</summary>
    public static async Task PinAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SET search_path = public", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// The same with one server, where it names several. libpq gives up at the first whose answer it does not like, such as a standby that
    /// does not have a new database yet; Npgsql looks at the next.
    /// </summary>
    public static async Task<NpgsqlConnectionStringBuilder> OneServerAsync(NpgsqlConnectionStringBuilder owner, CancellationToken cancellationToken)
    {
        if (ServerAddress.Of(owner).Count == 1)
        {
            return owner;
        }

        await using var connection = new NpgsqlConnection(owner.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return Reached(owner, connection);
    }

    /// <summary>The same with the one server that was reached, of several; for programs that must work on exactly that one.</summary>
    public static NpgsqlConnectionStringBuilder Reached(NpgsqlConnectionStringBuilder owner, NpgsqlConnection opened)
    {
        var one = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Host = opened.Host, Port = opened.Port };
        one.Remove("Target Session Attributes");
        return one;
    }
}
