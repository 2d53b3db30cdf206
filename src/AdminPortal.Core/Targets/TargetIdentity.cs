using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>Which database a connection really leads to. A server restored from a file system copy has the same identifier.</summary>
/// <param name="SystemIdentifier">Given to the server when it was made (<c>pg_control_system()</c>).</param>
/// <param name="Version">Of the server, as it says it: <c>17.2 (Debian …)</c>.</param>
public sealed record TargetIdentity(string SystemIdentifier, string Database, string Version, int VersionNumber, long SizeBytes)
{
    private const string Query =
        """
        SELECT (SELECT system_identifier::text FROM pg_control_system()), current_database()::text, current_setting('server_version'),
               current_setting('server_version_num')::int, pg_database_size(current_database())
        """;

    /// <summary>As it is stored and compared: <c>7316…/main</c>.</summary>
    public string Key => $"{SystemIdentifier}/{Database}";

    /// <summary>Such as 17.</summary>
    public int MajorVersion => VersionNumber / 10000;

    public static async Task<TargetIdentity> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new TargetIdentity(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt64(4));
    }
}
