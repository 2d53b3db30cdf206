using AdminPortal.Core.Secrets;
using AdminPortal.Core.Targets;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Accounts;

public sealed class RuntimeRoleTests(PostgresCluster cluster) : IAsyncLifetime
{
    private AccountsHost host = null!;

    public async ValueTask InitializeAsync() => host = await AccountsHost.StartAsync(cluster, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("UPDATE portal.audit_events SET outcome = 'x'")]
    [InlineData("DELETE FROM portal.audit_events")]
    [InlineData("TRUNCATE portal.audit_events")]
    [InlineData("""DELETE FROM portal."__EFMigrationsHistory" """)]
    public async Task PortalDatabase_RewritingHistory_IsRefusedByTheServer(string sql) =>
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(host.Get<PortalDatabase>().DataSource, sql))).SqlState);

    [Theory]
    [InlineData("UPDATE portal.device_events SET reason = 'x'")]
    [InlineData("DELETE FROM portal.device_events")]
    [InlineData("CREATE TABLE portal.mine (id int)")]
    public async Task ManagedDatabase_RewritingHistory_IsRefusedByTheServer(string sql) =>
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(host.Get<DeviceDatabases>().PrimaryDataSource, sql))).SqlState);

    [Fact]
    public async Task Migrate_DatabaseThatDoesNotExist_IsRefusedAndNotMade()
    {
        var connection = new NpgsqlConnectionStringBuilder(host.RuntimeConnectionString) { Database = "not_there" }.ConnectionString;
        await using var database = new PortalDatabase(
            Microsoft.Extensions.Options.Options.Create(new PortalConnections { Portal = connection }), TimeProvider.System);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => database.MigrateAsync(TestContext.Current.CancellationToken));

        Assert.Contains("createdb not_there", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerSecret_AskedForByManyAtOnce_IsOne()
    {
        var secrets = host.Get<ServerSecrets>();

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => secrets.GetOrCreateAsync("test", 32, CancellationToken.None).AsTask()));

        Assert.Single(keys.Select(Convert.ToHexString).Distinct());
        Assert.Equal(32, keys[0].Length);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
