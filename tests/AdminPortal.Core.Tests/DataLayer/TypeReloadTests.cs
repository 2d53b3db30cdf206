using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Users;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>A pool learns the server's types at its first connection; one that is older than the enums has to be told.</summary>
public sealed class TypeReloadTests(PostgresCluster cluster)
{
    [Fact]
    public async Task ReloadTypesAsync_AfterTheEnumsWereMadeAnew_LetsThePoolWriteThem()
    {
        var token = TestContext.Current.CancellationToken;
        await using var database = await cluster.CreateEmptyDatabaseAsync(token);
        await using var source = DatabaseOptions.CreateDataSource(database.RuntimeConnectionString);
        await (await source.OpenConnectionAsync(token)).DisposeAsync();
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, Contexts.MigrationIds(Contexts.Device)[^1]);
        await PostgresCluster.GrantAsync(database.OwnerConnectionString, database.RuntimeConnectionString, token);

        await Assert.ThrowsAnyAsync<Exception>(() => PairAsync(source));
        await source.ReloadTypesAsync(token);
        await PairAsync(source);

        Assert.Equal("TABLET", await Sql.ScalarAsync<string>(database.OwnerConnectionString, """SELECT "deviceType"::text FROM public.device_pairings"""));
    }

    private static async Task PairAsync(Npgsql.NpgsqlDataSource source)
    {
        await using var db = Contexts.Device(source);
        db.Users.Add(new AppUser { Id = "u", Email = "u@example.org" });
        db.DevicePairings.Add(new DevicePairing { Id = "p", UserId = "u", DeviceId = "d", DeviceType = DeviceType.Tablet, SessionToken = "sha256:00" });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
