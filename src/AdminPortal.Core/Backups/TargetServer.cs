using System.Data;
using System.Globalization;
using System.Text.Json;
using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// The server of a target, seen from beside the target: creates, renames and drops databases. Its connection is the owner's, to
/// a database that every server has.
/// </summary>
internal sealed class TargetServer : IAsyncDisposable
{
    private static readonly string[] Neighbours = ["postgres", "template1"];
    private readonly NpgsqlConnection connection;

    private TargetServer(NpgsqlConnection connection) => this.connection = connection;

    public NpgsqlConnection Connection => connection;

    public static async Task<TargetServer> OpenAsync(NpgsqlConnectionStringBuilder owner, CancellationToken cancellationToken)
    {
        foreach (var database in Neighbours)
        {
            var opened = new NpgsqlConnection(On(owner, database).ConnectionString);
            try
            {
                await opened.OpenAsync(cancellationToken);
                return new TargetServer(opened);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege
                or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                await opened.DisposeAsync();
            }
            catch
            {
                await opened.DisposeAsync();
                throw;
            }
        }

        throw new RunFailedException("The owner's role may connect neither to the database postgres nor to template1, from where databases are created and renamed. Grant it CONNECT on one of them.");
    }

    /// <summary>The same server and role, another database.</summary>
    public static NpgsqlConnectionStringBuilder On(NpgsqlConnectionStringBuilder owner, string database) => new(owner.ConnectionString) { Database = database };

    /// <summary>Says clearly what is missing, before anything is begun.</summary>
    public async Task CheckMayCreateAsync(CancellationToken cancellationToken)
    {
        if (await ScalarAsync("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user", [], cancellationToken) is not true)
        {
            throw new RunFailedException(
                $"The owner's role {connection.UserName} may not create databases on this server, and a restore goes into a new one first. As a superuser: ALTER ROLE {Quote(connection.UserName!)} CREATEDB;");
        }
    }

    /// <summary>To replace a database its sessions have to be ended, whoever's they are; a prepared transaction has none that could be.</summary>
    public async Task CheckMayTerminateAsync(string database, CancellationToken cancellationToken)
    {
        const string Prepared = "SELECT format('%L by %I, prepared at %s UTC', gid, owner, to_char(prepared AT TIME ZONE 'utc', 'YYYY-MM-DD HH24:MI:SS')) FROM pg_prepared_xacts WHERE database = $1 ORDER BY prepared LIMIT 1";
        if (await ScalarAsync(Prepared, [database], cancellationToken) is string prepared)
        {
            throw new RunFailedException($"A prepared transaction keeps {database} in use: {prepared}. Its program ends it, or in that database: COMMIT PREPARED or ROLLBACK PREPARED. Nothing was changed.");
        }

        const string Query =
            """
            SELECT string_agg(DISTINCT usename::text, ', ') FROM pg_stat_activity
            WHERE datname = $1 AND NOT pg_has_role(current_user, 'pg_signal_backend', 'USAGE') AND NOT pg_has_role(current_user, usesysid, 'USAGE')
                AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            """;
        if (await ScalarAsync(Query, [database], cancellationToken) is string others)
        {
            throw new RunFailedException(
                $"The owner's role {connection.UserName} may not end the sessions of {others}, which is needed to put the restored database in its place. As a superuser: GRANT pg_signal_backend TO {Quote(connection.UserName!)};");
        }
    }

    public async Task<bool> ExistsAsync(string database, CancellationToken cancellationToken) =>
        await ScalarAsync("SELECT 1 FROM pg_database WHERE datname = $1", [database], cancellationToken) is not null;

    /// <summary>Creates an empty database with the encoding and the collation of another one; of the server when there is none.</summary>
    public async Task CreateAsync(string database, string like, CancellationToken cancellationToken)
    {
        var model = await ScalarAsync(
            "SELECT (to_jsonb(d) || jsonb_build_object('charset', pg_encoding_to_char(encoding)))::text FROM pg_database d WHERE datname = $1", [like], cancellationToken) as string;
        await ExecuteAsync($"CREATE DATABASE {Quote(database)} TEMPLATE template0{(model is null ? "" : Locale(model))}", cancellationToken);
    }

    public Task DropAsync(string database, CancellationToken cancellationToken) => ExecuteAsync($"DROP DATABASE IF EXISTS {Quote(database)} WITH (FORCE)", cancellationToken);

    public async Task<IReadOnlyList<string>> NamesAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1) ORDER BY 1", connection) { Parameters = { new() { Value = prefix } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> names = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    public async Task<object?> ScalarAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is { } found and not DBNull ? found : null;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException) when (connection.State == ConnectionState.Open)
        {
            // A script that began a transaction leaves it aborted, and the clean-up after it would hide the cause.
            await using var end = new NpgsqlCommand("ROLLBACK", connection);
            await end.ExecuteNonQueryAsync(CancellationToken.None);
            throw;
        }
    }

    public static string Quote(string identifier)
    {
        using var quoting = new NpgsqlCommandBuilder();
        return quoting.QuoteIdentifier(identifier);
    }

    public static string Literal(string text) => $"E'{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>From the row of pg_database, whose columns differ between versions.</summary>
    private static string Locale(string model)
    {
        using var row = JsonDocument.Parse(model);
        var provider = Text("datlocprovider") ?? "c";
        var locale = Text("datlocale") ?? Text("daticulocale");
        var own = (provider, locale) switch
        {
            ("i", { } icu) => $" LOCALE_PROVIDER icu ICU_LOCALE {Literal(icu)}",
            ("b", { } builtin) => $" LOCALE_PROVIDER builtin BUILTIN_LOCALE {Literal(builtin)}",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $" ENCODING {Literal(Text("charset")!)} LC_COLLATE {Literal(Text("datcollate")!)} LC_CTYPE {Literal(Text("datctype")!)}{own}");

        string? Text(string name) => row.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
