using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>What the enum migration does about types that are there already.</summary>
public sealed class LeftoverEnumTests(PostgresCluster cluster)
{
    private const string Migration = "add_device_pairing_models";
    private const string OidOfDeviceType = """SELECT 'public."DeviceType"'::regtype::oid::bigint""";

    /// <summary>The guide's own roll-back: its DROP TYPE forgets the quotes and drops nothing.</summary>
    private const string GuidesRollback = """
        DROP TABLE IF EXISTS device_permissions CASCADE;
        DROP TABLE IF EXISTS device_pairings CASCADE;
        DROP TYPE IF EXISTS DeviceType CASCADE;
        DROP TYPE IF EXISTS PermissionScope CASCADE;
        """;

    [Fact]
    public async Task Up_AfterTheGuidesRollback_ReusesTheTypesLeftBehind()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        var connection = database.OwnerConnectionString;
        await Contexts.MigrateAsync(Contexts.Device, connection, Migration);
        var schema = await Catalogue.ReadAsync(connection);
        var oid = await Sql.ScalarAsync<long>(connection, OidOfDeviceType);
        await Sql.ExecuteAsync(connection, GuidesRollback);
        await Sql.ExecuteAsync(connection, $"""DELETE FROM portal."__EFMigrationsHistory" WHERE "MigrationId" LIKE '%\_{Migration}'""");

        await Contexts.MigrateAsync(Contexts.Device, connection, Migration);

        Catalogue.AssertEqual(schema, await Catalogue.ReadAsync(connection));
        Assert.Equal(oid, await Sql.ScalarAsync<long>(connection, OidOfDeviceType));
    }

    [Theory]
    [InlineData("""CREATE TYPE public."DeviceType" AS ENUM ('DESKTOP', 'MOBILE_IOS', 'MOBILE_ANDROID')""", "{DESKTOP,MOBILE_IOS,MOBILE_ANDROID}")]
    [InlineData("""CREATE TYPE public."DeviceType" AS ENUM ('DESKTOP', 'MOBILE_ANDROID', 'MOBILE_IOS', 'TABLET')""", "{DESKTOP,MOBILE_ANDROID,MOBILE_IOS,TABLET}")]
    [InlineData("""CREATE TYPE public."DeviceType" AS ENUM ('desktop', 'MOBILE_IOS', 'MOBILE_ANDROID', 'TABLET')""", "{desktop,MOBILE_IOS,MOBILE_ANDROID,TABLET}")]
    [InlineData("""CREATE TYPE public."DeviceType" AS ENUM ()""", "{NULL}")]
    public async Task Up_TypeWithOtherLabels_StopsSayingBothAndChangesNothing(string create, string labels)
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        var connection = database.OwnerConnectionString;
        await Contexts.MigrateAsync(Contexts.Device, connection, "baseline");
        await Sql.ExecuteAsync(connection, create);
        var before = await Catalogue.ReadAsync(connection);

        var failure = await Assert.ThrowsAsync<PostgresException>(() => Contexts.MigrateAsync(Contexts.Device, connection, Migration));

        Assert.Equal(PostgresErrorCodes.DuplicateObject, failure.SqlState);
        Assert.Equal(
            $"The type public.\"DeviceType\" exists with the labels {labels}, and this release needs {{DESKTOP,MOBILE_IOS,MOBILE_ANDROID,TABLET}}.",
            failure.MessageText);
        Assert.Equal("Rename or drop the type, then run this migration again.", failure.Hint);
        Catalogue.AssertEqual(before, await Catalogue.ReadAsync(connection));
        Assert.Equal(1, await Sql.ScalarAsync<long>(connection, """SELECT count(*) FROM portal."__EFMigrationsHistory" """));
    }

    [Fact]
    public async Task Up_TypeOfThatNameInAnotherSchema_MakesItsOwn()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        var connection = database.OwnerConnectionString;
        await Sql.ExecuteAsync(connection, """CREATE SCHEMA host; CREATE TYPE host."DeviceType" AS ENUM ('PHONE')""");

        await Contexts.MigrateAsync(Contexts.Device, connection, Migration);

        Assert.Contains("type public.DeviceType enum: DESKTOP, MOBILE_IOS, MOBILE_ANDROID, TABLET", await Catalogue.ReadAsync(connection));
    }
}
