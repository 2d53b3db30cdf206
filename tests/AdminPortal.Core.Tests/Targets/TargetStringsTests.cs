using AdminPortal.Core.Targets;
using AdminPortal.Testing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Targets;

/// <summary>The owner's and the runtime role's strings of a target lead to one database, or the portal does not start.</summary>
public sealed class TargetStringsTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_OneDatabaseUnderTwoAddresses_Passes()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        var elsewhere = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Host = "localhost" };

        await Strings(database.RuntimeConnectionString, elsewhere.ConnectionString).CheckAsync(Token);
    }

    [Fact]
    public async Task Check_TwoDatabasesOfOneServer_IsRefusedWithoutASecret()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await using var other = await cluster.CreateEmptyDatabaseAsync(Token);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Strings(database.RuntimeConnectionString, other.OwnerConnectionString).CheckAsync(Token));

        Assert.Contains("Portal:Targets:main:OwnerConnectionString and ConnectionString lead to different databases of one server", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(other.OwnerConnectionString).Password!, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ServerThatDoesNotAnswer_IsLeftForLater()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);

        await Strings(database.RuntimeConnectionString, "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x").CheckAsync(Token);
    }

    [Fact]
    public async Task CheckPortal_OneDatabaseUnderTwoAddresses_PassesAndTwoDatabasesAreRefused()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await using var other = await cluster.CreateEmptyDatabaseAsync(Token);
        var elsewhere = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Host = "localhost" };

        await OfPortal(database.RuntimeConnectionString, elsewhere.ConnectionString).CheckPortalAsync(Token);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => OfPortal(database.RuntimeConnectionString, other.OwnerConnectionString).CheckPortalAsync(Token));

        Assert.Contains("ConnectionStrings:PortalOwner and ConnectionStrings:Portal lead to different databases of one server", refused.Message, StringComparison.Ordinal);
    }

    private static TargetStrings OfPortal(string runtime, string owner) =>
        new(Options.Create(new PortalOptions()), Options.Create(new PortalConnections { Portal = runtime, PortalOwner = owner }));

    private static TargetStrings Strings(string runtime, string owner) => new(
        Options.Create(new PortalOptions { Targets = { ["main"] = new TargetOptions { ConnectionString = runtime, OwnerConnectionString = owner } } }), Options.Create(new PortalConnections()));
}
