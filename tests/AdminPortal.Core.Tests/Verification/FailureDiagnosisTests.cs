using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Verification;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>The guides' six troubleshooting entries, each provoked on a real database and explained.</summary>
public sealed class FailureDiagnosisTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfAsync_ColumnMadeByPrismaBefore_SaysToAdopt()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, "add_device_pairing_models");
        await Sql.ExecuteAsync(database.OwnerConnectionString, """ALTER TABLE users ADD COLUMN "lastSyncedAt" TIMESTAMP(3)""");

        var diagnosis = await DiagnoseAsync(database, () => Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, "add_mobile_sync_support"));

        Assert.Equal((FailureKind.ColumnExists, "Column already exists", "42701"), (diagnosis.Kind, diagnosis.Title, diagnosis.SqlState));
        Assert.Contains("lastSyncedAt", diagnosis.Explanation, StringComparison.Ordinal);
        Assert.Contains("add_mobile_sync_support", diagnosis.Explanation, StringComparison.Ordinal);
        Assert.Contains("adopt", diagnosis.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAsync_NoUsersTable_SaysWhoseItIs()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);

        var diagnosis = await DiagnoseAsync(database, () => Sql.ExecuteAsync(database.OwnerConnectionString, GuidesSql.Preview));

        Assert.Equal((FailureKind.RelationMissing, "Relation does not exist"), (diagnosis.Kind, diagnosis.Title));
        Assert.Contains("host application", diagnosis.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAsync_EnumLeftBehindByTheGuidesRollback_OffersTheQuotedDrop()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, "baseline");
        await Sql.ExecuteAsync(database.OwnerConnectionString, """CREATE TYPE "DeviceType" AS ENUM ('PHONE'); DROP TYPE IF EXISTS DeviceType CASCADE""");

        var diagnosis = await DiagnoseAsync(database, () => Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, "add_device_pairing_models"));

        Assert.Equal((FailureKind.EnumExists, "DROP TYPE \"public\".\"DeviceType\""), (diagnosis.Kind, diagnosis.Sql));
        await Sql.ExecuteAsync(database.OwnerConnectionString, diagnosis.Sql!);
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, "add_device_pairing_models");
    }

    [Fact]
    public async Task OfAsync_EnumInUse_NeverOffersToDropIt()
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(Token);

        var diagnosis = await DiagnoseAsync(database, () => Sql.ExecuteAsync(database.OwnerConnectionString, """CREATE TYPE public."DeviceType" AS ENUM ('DESKTOP')"""));

        Assert.Equal((FailureKind.EnumExists, null), (diagnosis.Kind, diagnosis.Sql));
        Assert.Contains("public.device_pairings.deviceType", diagnosis.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAsync_DuplicateClientIds_LeadsToTheirPageAndNamesTheLeftover()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        var failure = await InvalidIndex.LeaveAsync(world, "tasks_clientId_key", keepDuplicates: true);

        var diagnosis = await DiagnoseAsync(world.Database, () => throw failure);

        Assert.Equal((FailureKind.UniqueViolation, "23505"), (diagnosis.Kind, diagnosis.SqlState));
        Assert.Contains("Duplicates", diagnosis.Remedy, StringComparison.Ordinal);
        Assert.Equal("DROP INDEX CONCURRENTLY IF EXISTS \"public\".\"tasks_clientId_key\"", diagnosis.Sql);
    }

    [Fact]
    public async Task OfAsync_InvalidLeftoverInTheWay_SaysIndexesWereNotCreated()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await InvalidIndex.LeaveAsync(world, "tasks_clientId_key");

        var diagnosis = await DiagnoseAsync(world.Database, () => world.ExecuteAsync("""CREATE UNIQUE INDEX CONCURRENTLY "tasks_clientId_key" ON public.tasks ("clientId")"""));

        Assert.Equal((FailureKind.IndexesNotCreated, "Indexes not created", "42P07"), (diagnosis.Kind, diagnosis.Title, diagnosis.SqlState));
        await world.ExecuteAsync(diagnosis.Sql!);
        await world.ExecuteAsync("""CREATE UNIQUE INDEX CONCURRENTLY "tasks_clientId_key" ON public.tasks ("clientId")""");
        Assert.Empty(VerificationWorld.Problems(await world.RunAsync()));
    }

    [Theory]
    [InlineData("baseline", "SELECT * FROM devices", "add_mobile_sync_support", "Apply the pending migrations")]
    [InlineData("add_mobile_sync_support", "SELECT * FROM \"Devices\"", "public.devices", "\"public\".\"devices\"")]
    [InlineData("add_mobile_sync_support", "SELECT * FROM calendars", "calendars", "prisma generate")]
    public async Task OfAsync_TableNotFound_SaysWhichOneOrWhichMigration(string migration, string query, string explanation, string remedy)
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, migration);

        var diagnosis = await DiagnoseAsync(database, () => Sql.ExecuteAsync(database.OwnerConnectionString, query));

        Assert.Equal((FailureKind.TableNotFound, "Table not found"), (diagnosis.Kind, diagnosis.Title));
        Assert.Contains(explanation, diagnosis.Explanation, StringComparison.Ordinal);
        Assert.Contains(remedy, diagnosis.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAsync_AnythingElse_IsNone()
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(Token);
        await using var connection = await Sql.OpenAsync(database.OwnerConnectionString);
        var failure = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("SELECT 1 / 0"));

        Assert.Null(await FailureDiagnosis.OfAsync(failure, connection, Token));
        Assert.Null(await FailureDiagnosis.OfAsync(new TimeoutException(), connection, Token));
    }

    private static async Task<FailureDiagnosis> DiagnoseAsync(TestDatabase database, Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<PostgresException>(act);
        await using var connection = await Sql.OpenAsync(database.OwnerConnectionString);
        var diagnosis = await FailureDiagnosis.OfAsync(new InvalidOperationException("wrapped", failure), connection, Token);
        Assert.NotNull(diagnosis);
        return diagnosis;
    }
}
