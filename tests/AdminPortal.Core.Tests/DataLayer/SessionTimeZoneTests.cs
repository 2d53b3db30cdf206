using AdminPortal.Data;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>
/// The columns of schema public hold UTC without saying so. In a session of New York a plain <c>now()</c> would keep
/// what expired hours ago; no session's zone may decide what is expired.
/// </summary>
public sealed class SessionTimeZoneTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string NewYork = "America/New_York";
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);
        await Sql.ExecuteAsync(_database.OwnerConnectionString, """
            INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now() AT TIME ZONE 'utc');
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
            SELECT name, 'u', name, 'TABLET', name, now() AT TIME ZONE 'utc' + distance, now() AT TIME ZONE 'utc'
            FROM (VALUES ('ended', interval '-1 minute'), ('ends', interval '1 minute')) AS pairing (name, distance);
            INSERT INTO portal.pairing_sessions (id, "userId", state, "secretHash", "shortCodeHmac", scopes, "pairingDays", misses, "expiresAt")
            SELECT name, 'u', 'open', '', '', '[]', 1, 0, now() + distance
            FROM (VALUES ('ended', interval '-1 minute'), ('ends', interval '1 minute')) AS session (name, distance);
            """);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task CreateDataSource_ConnectionStringOrDatabaseWithAnotherZone_WorksInUtc()
    {
        await Sql.ExecuteAsync(_database.OwnerConnectionString, $"ALTER DATABASE {_database.Name} SET timezone = '{NewYork}'");
        await using var source = DatabaseOptions.CreateDataSource(InNewYork(_database.OwnerConnectionString));
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);

        Assert.Equal("UTC", await connection.ScalarAsync<string>("SHOW timezone"));
    }

    [Fact]
    public async Task UtcNow_InASessionOfNewYork_SeesWhatHasEnded()
    {
        await using var source = DatabaseOptions.CreateDataSource(_database.RuntimeConnectionString);
        await using var db = await InNewYorkAsync(source);

        Assert.Equal(["ends"], await Lasting(db).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Now_InASessionOfNewYork_SeesWhatHasEnded()
    {
        await using var source = DatabaseOptions.CreateDataSource(_database.RuntimeConnectionString);
        await using var db = await InNewYorkAsync(source);

        var open = await db.PairingSessions.Where(s => s.ExpiresAt > DatabaseClock.Now()).Select(s => s.Id).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["ends"], open);
    }

    [Fact]
    public async Task UtcNow_ItsSqlOnARawConnectionOfNewYork_SeesWhatHasEnded()
    {
        await using var source = DatabaseOptions.CreateDataSource(_database.RuntimeConnectionString);
        await using var db = Contexts.Device(source);
        await using var raw = await Sql.OpenAsync(InNewYork(_database.RuntimeConnectionString));
        Assert.Equal(NewYork, await raw.ScalarAsync<string>("SHOW timezone"));

        Assert.Equal(["ends"], await raw.ListAsync(Lasting(db).ToQueryString()));
        // The trap itself: with a plain now() nothing would ever seem to have ended in time.
        Assert.Equal(["ended", "ends"], await raw.ListAsync("""SELECT id FROM public.device_pairings WHERE "expiresAt" > now() ORDER BY id"""));
    }

    [Fact]
    public async Task UtcNow_InASessionOfNewYork_WritesUtc()
    {
        await using var source = DatabaseOptions.CreateDataSource(_database.RuntimeConnectionString);
        await using var db = await InNewYorkAsync(source);

        await db.DevicePairings.ExecuteUpdateAsync(
            set => set.SetProperty(p => p.LastSeenAt, _ => DatabaseClock.UtcNow()), TestContext.Current.CancellationToken);

        const string Off = """SELECT max(abs(extract(epoch FROM now() AT TIME ZONE 'utc' - "lastSeenAt")))::float8 FROM public.device_pairings""";
        Assert.InRange(await Sql.ScalarAsync<double>(_database.OwnerConnectionString, Off), 0, 60);
    }

    [Fact]
    public async Task UtcNow_SelectedAndCalculatedWithInASessionOfNewYork_IsUtc()
    {
        await using var source = DatabaseOptions.CreateDataSource(_database.RuntimeConnectionString);
        await using var db = await InNewYorkAsync(source);

        var now = await db.DevicePairings.Where(p => p.Id == "ends").Select(_ => DatabaseClock.UtcNow()).SingleAsync(TestContext.Current.CancellationToken);
        var endedLately = await db.DevicePairings.Where(p => p.ExpiresAt <= DatabaseClock.UtcNow() && p.ExpiresAt > DatabaseClock.UtcNow().AddMinutes(-5))
            .Select(p => p.Id).ToListAsync(TestContext.Current.CancellationToken);

        var utc = await Sql.ScalarAsync<DateTime>(_database.OwnerConnectionString, "SELECT now() AT TIME ZONE 'utc'");
        Assert.InRange(now, utc.AddMinutes(-1), utc);
        Assert.Equal(["ended"], endedLately);
    }

    private static IQueryable<string> Lasting(DeviceDbContext db) =>
        db.DevicePairings.Where(p => p.ExpiresAt > DatabaseClock.UtcNow()).Select(p => p.Id);

    /// <summary>As if someone had changed the zone of a session that the context then uses.</summary>
    private static async Task<DeviceDbContext> InNewYorkAsync(NpgsqlDataSource source)
    {
        var db = Contexts.Device(source);
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await db.Database.ExecuteSqlRawAsync($"SET TIME ZONE '{NewYork}'", TestContext.Current.CancellationToken);
        return db;
    }

    private static string InNewYork(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Timezone = NewYork }.ConnectionString;
}
