using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.EmbeddedDatabase;

/// <summary>The fixture that every other database test stands on.</summary>
public sealed class PostgresClusterTests(PostgresCluster cluster)
{
    [Fact]
    public async Task CreateDeviceDatabaseAsync_Twice_GivesTwoSeparateDatabases()
    {
        await using var one = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);
        await using var two = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(one.Name, two.Name);
        Assert.Equal($"{one.Name} portal_runtime", await WhoAsync(one.RuntimeConnectionString));
        Assert.Equal($"{two.Name} portal_owner", await WhoAsync(two.OwnerConnectionString));
    }

    [Fact]
    public async Task CreatePortalDatabaseAsync_Disposed_IsDropped()
    {
        var database = await cluster.CreatePortalDatabaseAsync(TestContext.Current.CancellationToken);
        await WhoAsync(database.RuntimeConnectionString);

        await database.DisposeAsync();

        NpgsqlConnection.ClearAllPools();
        var failure = await Assert.ThrowsAsync<PostgresException>(() => WhoAsync(database.RuntimeConnectionString));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, failure.SqlState);
    }

    private static async Task<object?> WhoAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT current_database() || ' ' || current_user");
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
