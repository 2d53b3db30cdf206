using System.Globalization;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Core.EmbeddedDatabase;
using Npgsql;

namespace AdminPortal.Browser.Tests.Devices;

/// <summary>Devices of a person of the test's own, put into the database of the portal that is looked at.</summary>
internal sealed class TestDevices(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TestDevices> OpenAsync(RunningPortal portal) =>
        new((await portal.FindDatabaseAsync(Token)).ConnectionString("main", EmbeddedRole.Owner));

    /// <summary>A person with so many devices, named by the person and a number from 1; the tokens are <see cref="TokenOf"/>.</summary>
    public async Task AddAsync(string person, int devices)
    {
        await RunAsync("""INSERT INTO public.users (id, email, name, "updatedAt") VALUES ($1, $1 || '@journey.example', $1, now()) ON CONFLICT DO NOTHING""", person);
        await RunAsync(
            """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "deviceName", "sessionToken", "expiresAt", "updatedAt")
            SELECT $1 || '-' || to_char(n, 'FM000000'), $1, $1 || '-device-' || n, 'MOBILE_IOS', $1 || ' phone ' || n,
                'sha256:' || encode(sha256(convert_to('dvc_' || $1 || '-' || n, 'UTF8')), 'hex'), now() + interval '30 days', now()
            FROM generate_series(1, $2) n
            """, person, devices);
    }

    public static string DeviceIdOf(string person, int number) => string.Create(CultureInfo.InvariantCulture, $"{person}-device-{number}");

    public static string TokenOf(string person, int number) => string.Create(CultureInfo.InvariantCulture, $"dvc_{person}-{number}");

    public static string IdOf(string person, int number) => string.Create(CultureInfo.InvariantCulture, $"{person}-{number:000000}");

    public async Task<long> WorkingAsync(string person)
    {
        await using var command = _database.CreateCommand("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1 AND "isActive" """);
        command.Parameters.AddWithValue(person);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    /// <summary>Keeps one device locked until it is disposed, as a slow neighbour would.</summary>
    public async Task<NpgsqlTransaction> HoldAsync(string pairingId)
    {
        var connection = await _database.OpenConnectionAsync(Token);
        var transaction = await connection.BeginTransactionAsync(Token);
        await using var command = new NpgsqlCommand("SELECT 1 FROM public.device_pairings WHERE id = $1 FOR UPDATE", connection, transaction);
        command.Parameters.AddWithValue(pairingId);
        await command.ExecuteNonQueryAsync(Token);
        return transaction;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task RunAsync(string sql, params object[] values)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(Token);
    }
}
