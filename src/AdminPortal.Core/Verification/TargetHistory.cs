using System.Globalization;
using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>A row of Prisma's <c>_prisma_migrations</c>. Times in UTC.</summary>
public sealed record PrismaMigration(string Name, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? RolledBackAt)
{
    /// <summary>Prisma refuses to go on until someone resolves it.</summary>
    public bool IsUnresolved => FinishedAt is null && RolledBackAt is null;
}

/// <summary>Which migrations a target has, as both tools recorded it.</summary>
/// <param name="Recorded">The ids of EF's history in their order; null: it has no such table.</param>
/// <param name="Prisma">Null: it has no table of Prisma's.</param>
public sealed record TargetHistory(IReadOnlyList<string>? Recorded, IReadOnlyList<PrismaMigration>? Prisma, IReadOnlyList<string> Build)
{
    private const string Tables = """SELECT to_regclass('portal."__EFMigrationsHistory"') IS NOT NULL, to_regclass('public._prisma_migrations') IS NOT NULL""";
    private const string OfEf = """SELECT "MigrationId"::text FROM portal."__EFMigrationsHistory" ORDER BY 1""";
    private const string OfPrisma = "SELECT migration_name::text, started_at::timestamptz, finished_at::timestamptz, rolled_back_at::timestamptz FROM public._prisma_migrations ORDER BY started_at, id";

    /// <summary>The build's migrations that the target has.</summary>
    public IReadOnlyList<string> Applied => [.. Build.Where(id => Recorded?.Contains(id) == true)];

    public IReadOnlyList<string> Pending => [.. Build.Where(id => Recorded?.Contains(id) != true)];

    /// <summary>Recorded migrations that this build does not have.</summary>
    public IReadOnlyList<string> Unknown => [.. (Recorded ?? []).Except(Build)];

    public static async Task<TargetHistory> ReadAsync(NpgsqlConnection connection, IReadOnlyList<string> build, CancellationToken cancellationToken)
    {
        bool ef, prisma;
        await using (var command = new NpgsqlCommand(Tables, connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (ef, prisma) = (reader.GetBoolean(0), reader.GetBoolean(1));
        }

        return new TargetHistory(
            ef ? await ListAsync(connection, OfEf, reader => reader.GetString(0), cancellationToken) : null,
            prisma ? await ListAsync(connection, OfPrisma, ReadPrisma, cancellationToken) : null,
            build);
    }

    /// <summary>The snake_case name that an id ends in, which is also Prisma's name for it: <c>add_device_pairing_models</c>.</summary>
    public static string NameOf(string migration)
    {
        var cut = migration.IndexOf('_', StringComparison.Ordinal);
        return cut > 0 && long.TryParse(migration[..cut], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? migration[(cut + 1)..] : migration;
    }

    private static PrismaMigration ReadPrisma(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1),
        reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3));

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
