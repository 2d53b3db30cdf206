using System.Globalization;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>A table that a dump holds.</summary>
/// <param name="Name">Schema and name, as pg_dump's progress says them: <c>public.tasks</c>.</param>
/// <param name="Quoted">The same for SQL.</param>
/// <param name="Bytes">With indexes and TOAST.</param>
internal sealed record DumpTable(string Name, string Quoted, long Bytes);

/// <summary>
/// Reads a database as of one moment: the same that pg_dump is given, so that what is counted here is exactly what the dump
/// holds. Keeps one transaction open while it lives.
/// </summary>
internal sealed class DumpSource : IAsyncDisposable
{
    private const string TablesQuery =
        """
        SELECT n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), pg_total_relation_size(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1
        """;

    private readonly NpgsqlConnection connection;

    private DumpSource(NpgsqlConnection connection, NpgsqlConnectionStringBuilder server, TargetIdentity identity, string snapshot, IReadOnlyList<DumpTable> tables, string? migratedTo) =>
        (this.connection, Server, Identity, Snapshot, Tables, MigratedTo) = (connection, server, identity, snapshot, tables, migratedTo);

    /// <summary>The one server that the snapshot is of, where the target has several.</summary>
    public NpgsqlConnectionStringBuilder Server { get; }

    public TargetIdentity Identity { get; }

    /// <summary>For pg_dump's <c>--snapshot</c>.</summary>
    public string Snapshot { get; }

    public IReadOnlyList<DumpTable> Tables { get; }

    /// <summary>The newest migration; null: none.</summary>
    public string? MigratedTo { get; }

    /// <param name="patience">How long to wait for a table that somebody has locked; even asking for its size waits.</param>
    public static async Task<DumpSource> OpenAsync(NpgsqlConnectionStringBuilder owner, TimeSpan patience, CancellationToken cancellationToken)
    {
        var opened = new NpgsqlConnection(owner.ConnectionString);
        try
        {
            await opened.OpenAsync(cancellationToken);
            var identity = await TargetIdentity.ReadAsync(opened, cancellationToken);
            await ExecuteAsync(opened, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", cancellationToken);
            await ExecuteAsync(opened, $"SET LOCAL lock_timeout = {((long)patience.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}", cancellationToken);
            var snapshot = (string)(await ScalarAsync(opened, "SELECT pg_export_snapshot()", cancellationToken))!;
            return new DumpSource(opened, TargetConnection.Reached(owner, opened), identity, snapshot, await TablesAsync(opened, cancellationToken), await MigratedToAsync(opened, cancellationToken));
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rows per table; null when that takes longer than it may.</summary>
    public async Task<IReadOnlyDictionary<string, long>?> CountAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        await ExecuteAsync(connection, "SAVEPOINT begun", cancellationToken); // not before: a snapshot cannot be exported below a savepoint
        try
        {
            Dictionary<string, long> counts = [];
            foreach (var table in Tables)
            {
                var left = Math.Max(1, (long)(atMost - time.GetElapsedTime(begun)).TotalMilliseconds);
                await ExecuteAsync(connection, $"SET LOCAL statement_timeout = {left.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
                counts[table.Name] = (long)(await ScalarAsync(connection, $"SELECT count(*) FROM ONLY {table.Quoted}", cancellationToken))!;
            }

            return counts;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.QueryCanceled && !cancellationToken.IsCancellationRequested)
        {
            await ExecuteAsync(connection, "ROLLBACK TO SAVEPOINT begun", cancellationToken);
            return null;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static async Task<List<DumpTable>> TablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<DumpTable> tables = [];
        await using var command = new NpgsqlCommand(TablesQuery, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add(new DumpTable(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return tables;
    }

    private static async Task<string?> MigratedToAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await ScalarAsync(connection, "SELECT to_regclass('portal.\"__EFMigrationsHistory\"')::text", cancellationToken) is string
            ? await ScalarAsync(connection, """SELECT max("MigrationId") FROM portal."__EFMigrationsHistory" """, cancellationToken) as string
            : null;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
