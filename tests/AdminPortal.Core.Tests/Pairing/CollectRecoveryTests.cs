using AdminPortal.Core.Devices;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Tests.EmbeddedDatabase;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>
/// PostgreSQL dies between the confirmation and the token, at the worst moments. Asking again ends with one pairing and
/// one working token. On a durable cluster of its own, since it is killed.
/// </summary>
public sealed class CollectRecoveryTests : ScratchCluster
{
    private EmbeddedPostgres _postgres = null!;
    private PairingWorld _world = null!;

    [Fact]
    public async Task CollectAsync_ServerKilledBeforeTheCommit_WorksOnceAfterTheRestart()
    {
        await SetUpAsync();
        var user = await _world.NewPersonAsync();
        var claim = await _world.ConfirmedAsync(user, PairingWorld.Scan(await _world.NewCodeAsync(user)));
        await using (var blocker = await HoldPermissionsAsync())
        {
            var collecting = Task.Run(() => _world.CollectAsync(claim), Token);
            await _world.WaitForBlockedAsync();
            await KillAsync(_postgres.ServerProcessId);
            await Assert.ThrowsAnyAsync<Exception>(() => collecting);
        }

        await RestartAsync();

        Assert.Equal(0, await _world.ScalarAsync<long>("SELECT count(*) FROM public.device_pairings"));
        await AssertOnePairingAsync(user, await _world.CollectedAsync(claim));
    }

    [Fact]
    public async Task CollectAsync_ServerKilledAfterTheCommit_GivesTheSameTokenAfterTheRestart()
    {
        await SetUpAsync();
        var user = await _world.NewPersonAsync();
        var request = PairingWorld.Scan(await _world.NewCodeAsync(user));
        var claim = await _world.ConfirmedAsync(user, request);
        var lost = await _world.CollectedAsync(claim);

        await KillAsync(_postgres.ServerProcessId);
        await RestartAsync();

        var device = await _world.CollectedAsync(claim);
        Assert.Equal(lost.SessionToken, device.SessionToken);
        Assert.Equal((claim.MatchNumber, claim.PollToken), await MatchAsync(request));
        await AssertOnePairingAsync(user, device);
    }

    [Fact]
    public async Task CollectAsync_ServerKilledAmongManyCalls_EndsWithOnePairing()
    {
        await SetUpAsync();
        var user = await _world.NewPersonAsync();
        var claim = await _world.ConfirmedAsync(user, PairingWorld.Scan(await _world.NewCodeAsync(user)));
        var calls = Enumerable.Range(0, 20).Select(_ => Task.Run(() => _world.CollectAsync(claim), Token)).ToArray();

        await Task.WhenAny(calls);
        await KillAsync(_postgres.ServerProcessId);
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in calls)
        {
            try
            {
                tokens.Add(Assert.IsType<CollectOutcome.Paired>(await call).Device.SessionToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException } or DbUpdateException)
            {
                // this device's reply was lost; it asks again below
            }
        }

        await RestartAsync();

        var device = await _world.CollectedAsync(claim);
        tokens.Add(device.SessionToken);
        Assert.Single(tokens);
        await AssertOnePairingAsync(user, device);
    }

    [Fact]
    public async Task CollectAsync_ConnectionsKilledBeforeTheCommit_WorksAtTheNextCall()
    {
        await SetUpAsync();
        var user = await _world.NewPersonAsync();
        var claim = await _world.ConfirmedAsync(user, PairingWorld.Scan(await _world.NewCodeAsync(user)));
        await using (var blocker = await HoldPermissionsAsync())
        {
            var collecting = Task.Run(() => _world.CollectAsync(claim), Token);
            await _world.WaitForBlockedAsync();
            await QueryAsync<long>(
                _postgres.ConnectionString("main", EmbeddedRole.Superuser),
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'portal_runtime'");
            await Assert.ThrowsAnyAsync<Exception>(() => collecting);
        }

        var device = await _world.CollectedAsync(claim);
        _world.Databases.PrimaryDataSource.Clear(); // this test's own reading: another pool than the pairing's, with dead connections too
        await AssertOnePairingAsync(user, device);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task SetUpAsync()
    {
        _postgres = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = DataFolder, Databases = ["main", "portal"] });
        await _postgres.StartAsync(Token);
        await using var device = DatabaseOptions.CreateDataSource(_postgres.ConnectionString("main", EmbeddedRole.Owner));
        await using var devices = new DeviceDbContext(((DbContextOptionsBuilder<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(device)).Options);
        await devices.Database.MigrateAsync(Token);
        await using var portal = DatabaseOptions.CreateDataSource(_postgres.ConnectionString("portal", EmbeddedRole.Owner));
        await using var accounts = new PortalDbContext(((DbContextOptionsBuilder<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(portal)).Options);
        await accounts.Database.MigrateAsync(Token);
        foreach (var database in new[] { "main", "portal" })
            await PostgresCluster.GrantAsync(Unpooled(database, EmbeddedRole.Owner), Unpooled(database, EmbeddedRole.Runtime), Token);
        _world = NewWorld();
    }

    /// <summary>The server comes back, and with it a portal that knows nothing of before.</summary>
    private async Task RestartAsync()
    {
        _postgres = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = DataFolder, Databases = ["main", "portal"] });
        await _postgres.StartAsync(Token);
        await _world.DisposeAsync();
        _world = NewWorld();
    }

    private string Unpooled(string database, EmbeddedRole role) => new NpgsqlConnectionStringBuilder(_postgres.ConnectionString(database, role)) { Pooling = false }.ConnectionString;

    private PairingWorld NewWorld() => new(
        _postgres.ConnectionString("main", EmbeddedRole.Runtime), _postgres.ConnectionString("portal", EmbeddedRole.Runtime));

    /// <summary>Stops a collection after it has written the pairing and before it writes the permissions.</summary>
    private async Task<NpgsqlConnection> HoldPermissionsAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres.ConnectionString("main", EmbeddedRole.Owner)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await Sql.RunAsync(connection, "BEGIN");
        await Sql.RunAsync(connection, "LOCK TABLE public.device_permissions IN EXCLUSIVE MODE");
        return connection;
    }

    private async Task<(string, string)> MatchAsync(ClaimRequest request)
    {
        var repeated = await _world.ClaimedAsync(request);
        return (repeated.MatchNumber, repeated.PollToken);
    }

    private async Task AssertOnePairingAsync(Core.Activity.Actor user, PairedDevice device)
    {
        Assert.IsType<DeviceTokenOutcome.Valid>(await _world.AuthenticateAsync(device.SessionToken));
        Assert.Equal(1, await _world.ScalarAsync<long>("SELECT count(*) FROM public.device_pairings"));
        Assert.Equal(1, await _world.ScalarAsync<long>("SELECT count(*) FROM public.device_permissions"));
        Assert.Equal([DeviceEventKind.Scanned, DeviceEventKind.Confirmed, DeviceEventKind.Paired], await _world.EventsAsync(user));
    }
}
