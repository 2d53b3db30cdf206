using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Migrates one existing database with the owner's connection, one portal instance at a time, and renews the grants of
/// the runtime role. Serves the portal's own database and the embedded managed ones.
/// </summary>
internal static class OwnerMigration
{
    /// <summary>Session lock "portal migration" (any constant that no one else uses).</summary>
    public const long LockKey = 0x706F7274_6D696772;

    /// <param name="record">Is told which migrations were applied; null: nobody needs to know.</param>
    /// <exception cref="InvalidOperationException">The database does not exist: EF would create one, in the wrong place.</exception>
    public static async Task RunAsync(
        string ownerConnectionString, string? runtimeRole, Func<NpgsqlDataSource, DbContext> createContext,
        Func<NpgsqlConnection, IReadOnlyList<string>, CancellationToken, Task>? record, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false, CommandTimeout = 0 };
        await using var dataSource = DatabaseOptions.CreateDataSource(builder.ConnectionString);
        await using var connection = await OpenExistingAsync(dataSource, builder, cancellationToken);
        await LockAsync(connection, time, cancellationToken);
        await using (var db = createContext(dataSource))
        {
            db.Database.SetCommandTimeout(TimeSpan.FromDays(1)); // long index builds die of the default 30 s
            var before = await db.Database.GetAppliedMigrationsAsync(cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
            if (record is not null)
            {
                await record(connection, [.. (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(before)], cancellationToken);
            }
        }

        await RuntimeGrants.ApplyAsync(connection, runtimeRole, cancellationToken);
    }

    private static async Task<NpgsqlConnection> OpenExistingAsync(
        NpgsqlDataSource dataSource, NpgsqlConnectionStringBuilder builder, CancellationToken cancellationToken)
    {
        try
        {
            return await dataSource.OpenConnectionAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            throw new InvalidOperationException(
                $"The server {builder.Host} has no database '{builder.Database}'. Create it (createdb {builder.Database}), or correct the connection string.", exception);
        }
    }

    /// <summary>Polls: a session that waits inside pg_advisory_lock holds a snapshot, and CREATE INDEX CONCURRENTLY waits for that.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } } };
        while (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }
}
