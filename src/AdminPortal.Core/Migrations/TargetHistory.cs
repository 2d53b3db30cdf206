using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>A migration of Prisma, as <c>public._prisma_migrations</c> has it; times in UTC.</summary>
/// <param name="Failed">True: it started, did not finish, and nobody marked it as rolled back. It blocks everything until it is resolved.</param>
public sealed record PrismaMigration(string Name, DateTimeOffset? FinishedAt, bool Failed);

/// <summary>What a managed database itself says of its migrations.</summary>
/// <param name="Applied">Ids of EF's history, in their order.</param>
/// <param name="HasHistory">False: no migration was ever applied or recorded by EF.</param>
public sealed record TargetHistory(TargetIdentity Identity, bool HasHistory, IReadOnlyList<string> Applied, IReadOnlyList<PrismaMigration> Prisma)
{
    public const string Table = """portal."__EFMigrationsHistory" """;

    /// <summary>True while no table of the guides is there.</summary>
    public bool IsEmpty { get; init; }

    /// <exception cref="PostgresException">55P03: a migration runs at this moment and keeps its history locked.</exception>
    public static async Task<TargetHistory> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var identity = await TargetIdentity.ReadAsync(connection, cancellationToken);
        await ExecuteAsync(connection, "SET lock_timeout = '2s'", cancellationToken); // a migration locks its history
        var hasHistory = await ExistsAsync(connection, Table, cancellationToken);
        var applied = hasHistory ? await ListAsync(connection, $"""SELECT "MigrationId" FROM {Table} ORDER BY 1""", r => r.GetString(0), cancellationToken) : [];
        var prisma = await ExistsAsync(connection, "public._prisma_migrations", cancellationToken)
            ? await ListAsync(
                connection, "SELECT migration_name, finished_at, finished_at IS NULL AND rolled_back_at IS NULL FROM public._prisma_migrations ORDER BY started_at",
                r => new PrismaMigration(r.GetString(0), r.IsDBNull(1) ? null : r.GetFieldValue<DateTimeOffset>(1), r.GetBoolean(2)), cancellationToken)
            : [];
        var isEmpty = !await ExistsAsync(connection, "public.users", cancellationToken);
        await ExecuteAsync(connection, "RESET lock_timeout", cancellationToken);
        return new TargetHistory(identity, hasHistory, applied, prisma) { IsEmpty = isEmpty };
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = table.Trim() } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
