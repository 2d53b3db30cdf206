using AdminPortal.Core.Targets;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Targets;

/// <summary>Why a database cannot be reached, in words, from what servers really answer.</summary>
public sealed class RefusedConnectionTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SSL Mode=Require", "offers no encryption")]
    [InlineData("Host=nowhere.invalid", "its name is not known")]
    [InlineData("Port=1", "nothing listens")]
    [InlineData("Password=wrong", "refuses the portal's user name or password")]
    [InlineData("Database=none", "has no database of this name")]
    public async Task Describe_ConnectionThatIsRefused_SaysTheCause(string change, string cause)
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);

        Assert.Contains(cause, TargetAvailability.Describe(await RefusedAsync($"{database.OwnerConnectionString};{change}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_RoleThatMayNotLogIn_SaysSo()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await using (var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString) { Pooling = false }.ConnectionString))
        {
            await connection.OpenAsync(Token);
            await using var command = new NpgsqlCommand($"CREATE ROLE group_of_{database.Name} PASSWORD 'x'", connection);
            await command.ExecuteNonQueryAsync(Token);
        }

        Assert.Contains("may not log in", TargetAvailability.Describe(await RefusedAsync($"{database.OwnerConnectionString};Username=group_of_{database.Name};Password=x")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no pg_hba.conf entry for host \"10.0.0.7\", user \"secret_name\", database \"clinic\", no encryption", "no entry for this role, database and address without encryption")]
    [InlineData("pg_hba.conf rejects connection for host \"10.0.0.7\", user \"secret_name\", database \"clinic\", SSL encryption", "rejects this role, database and address with encryption")]
    public void Describe_RefusedByPgHba_SaysHowAndNamesNobody(string message, string cause)
    {
        var words = TargetAvailability.Describe(new PostgresException(message, "FATAL", "FATAL", PostgresErrorCodes.InvalidAuthorizationSpecification));

        Assert.Contains(cause, words, StringComparison.Ordinal);
        Assert.DoesNotContain("secret_name", words, StringComparison.Ordinal);
    }

    private static async Task<Exception> RefusedAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        return await Assert.ThrowsAnyAsync<Exception>(() => connection.OpenAsync(Token));
    }
}
