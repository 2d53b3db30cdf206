using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>History cannot be rewritten with the rights that the portal runs with.</summary>
public sealed class AppendOnlyTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData("UPDATE portal.device_events SET kind = 'other'")]
    [InlineData("DELETE FROM portal.device_events")]
    [InlineData("TRUNCATE portal.device_events")]
    [InlineData("""DELETE FROM portal."__EFMigrationsHistory" """)]
    public async Task DeviceDatabase_RuntimeRoleRewritesHistory_IsRefused(string sql)
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);
        await Sql.ExecuteAsync(database.RuntimeConnectionString, """INSERT INTO portal.device_events (kind, "userId", "actorId") VALUES ('paired', 'u', 'u')""");

        await AssertRefusedAsync(database, sql);
    }

    [Theory]
    [InlineData("UPDATE portal.audit_events SET outcome = 'other'")]
    [InlineData("DELETE FROM portal.audit_events")]
    [InlineData("TRUNCATE portal.audit_events")]
    public async Task PortalDatabase_RuntimeRoleRewritesHistory_IsRefused(string sql)
    {
        await using var database = await cluster.CreatePortalDatabaseAsync(TestContext.Current.CancellationToken);
        await Sql.ExecuteAsync(database.RuntimeConnectionString, """INSERT INTO portal.audit_events ("actorId", action, outcome) VALUES ('a', 'b', 'c')""");

        await AssertRefusedAsync(database, sql);
    }

    private static async Task AssertRefusedAsync(TestDatabase database, string sql)
    {
        var failure = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(database.RuntimeConnectionString, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, failure.SqlState);
    }
}
