using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.Targets;

/// <summary>What an error of a database means: it is away, it is not migrated yet, or the portal asked something wrong.</summary>
public sealed class TargetAvailabilityTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("42P01")]
    [InlineData("42703")]
    [InlineData("42883")]
    [InlineData("42704")]
    [InlineData("3F000")]
    public void IsOutage_SomethingIsMissingInTheSchema_IsNone(string state)
    {
        var exception = new PostgresException("missing", "ERROR", "ERROR", state);

        Assert.False(TargetAvailability.IsOutage(exception));
        Assert.True(TargetAvailability.LacksSchema(new InvalidOperationException("wrapped", exception)));
        Assert.True(TargetAvailability.CannotServe(exception));
    }

    [Theory]
    [InlineData("57P03")]
    [InlineData("53300")]
    [InlineData("08006")]
    [InlineData("3D000")]
    public void IsOutage_DatabaseIsAway_IsOne(string state)
    {
        var exception = new PostgresException("away", "ERROR", "ERROR", state);

        Assert.True(TargetAvailability.IsOutage(exception));
        Assert.False(TargetAvailability.LacksSchema(exception));
    }

    [Fact]
    public async Task After_QueryOnATargetWithoutTables_IsNotMigrated()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);

        var exception = await FailureAsync(world, "SELECT * FROM public.device_pairings");

        Assert.True(TargetAvailability.LacksSchema(exception));
        Assert.IsType<TargetAvailability.NotMigrated>(await TargetAvailability.AfterAsync(exception, world.Get<DeviceDatabases>(), "main", Token));
    }

    [Fact]
    public async Task After_WrongQueryOnAMigratedTarget_IsAFaultOfThePortal()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);

        var exception = await FailureAsync(world, "SELECT * FROM public.there_is_no_such_table");

        Assert.Null(await TargetAvailability.AfterAsync(exception, world.Get<DeviceDatabases>(), "main", Token));
    }

    private static async Task<Exception> FailureAsync(OperationsWorld world, string sql)
    {
        await using var db = world.Get<DeviceDatabases>().CreateDbContext();
        return await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql, Token));
    }
}
