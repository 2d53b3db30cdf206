using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Verification;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>A verification as a whole: databases of other makers, those that are away, and what is kept.</summary>
public sealed class VerificationsTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_BaselineOnly_NamesEveryPendingMigrationAndTheTablesThatItLacks()
    {
        var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await DataLayer.Contexts.MigrateAsync(DataLayer.Contexts.Device, database.OwnerConnectionString, "baseline");
        await using var world = await VerificationWorld.CreateAsync(cluster, database);

        var result = await world.RunAsync();

        Assert.False(result.Passed);
        Assert.Equal(CatalogueManifest.Current.Migrations.Skip(1), result.Pending);
        Assert.Equal(result.Pending, result.Checks.Single(c => c.Id == "history").Findings.Select(f => f.Subject));
        var tables = result.Checks.Single(c => c.Id == "tables").Findings;
        Assert.Contains(tables, f => f is { Subject: "public.device_pairings", Remedy: "Apply the migration add_device_pairing_models, which makes it." });
    }

    [Fact]
    public async Task RunAsync_BaselineOnlyAndMeant_Passes()
    {
        var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await DataLayer.Contexts.MigrateAsync(DataLayer.Contexts.Device, database.OwnerConnectionString, "baseline");
        await using var world = await VerificationWorld.CreateAsync(cluster, database);

        var result = await world.Verifications.RunAsync(VerificationWorld.Target, new VerificationScope(WithData: true, PendingIsMeant: true), Core.Activity.Actor.CommandLine, null, Token);

        Assert.Empty(VerificationWorld.Problems(result));
        Assert.Equal(CatalogueManifest.Current.Migrations.Skip(1), result.Pending);
    }

    [Fact]
    public async Task RunAsync_ServerAway_IsAStateAndStored()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster, null, settings => settings.OwnerConnectionString = "Host=127.0.0.1;Port=1;Database=main;Username=o;Password=secret-word;Timeout=2");

        var result = await world.RunAsync();

        Assert.True(result is { Passed: false, Errors: 1, Answered: false });
        Assert.Equal(("reachable", "The server cannot be reached: nothing listens at that address and port."), (result.Checks.Single().Id, result.Checks.Single().Actual));
        Assert.Equal(result.Id, (await world.Verifications.LatestAsync(VerificationWorld.Target, Token))?.Id);
    }

    [Fact]
    public async Task RunAsync_DatabaseMissing_SaysSoAndMakesNone()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster, null, settings =>
            settings.OwnerConnectionString = new Npgsql.NpgsqlConnectionStringBuilder(settings.OwnerConnectionString) { Database = "nowhere" }.ConnectionString);

        var result = await world.RunAsync();

        Assert.Equal("The server answers, and has no database of this name.", result.Checks.Single().Actual);
        Assert.False(await Sql.ScalarAsync<bool>(world.Database.OwnerConnectionString, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'nowhere')"));
    }

    [Fact]
    public async Task ResultsAsync_AfterTwo_AreAsTheyWereNewestFirst()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        var first = await world.RunAsync(data: false);
        await world.ExecuteAsync("""DROP INDEX public."tasks_clientId_key" """);
        var second = await world.RunAsync();

        var stored = await world.Verifications.ResultsAsync(VerificationWorld.Target, 10, Token);

        Assert.Equal([second.Id, first.Id], stored.Select(r => r.Id));
        Assert.Equal((false, true), (stored[0].Passed, stored[1].Passed));
        Assert.Equal(FixKind.CreateIndex, stored[0].Checks.Single(c => c.Id == "indexes").Findings[0].Fix?.Kind);
        Assert.Equal(second.Checks.Count, stored[0].Checks.Count);
        Assert.NotEmpty(stored[0].Sizes!.Tables);
        Assert.True(stored[0].Checks.Count > stored[1].Checks.Count);
    }

    [Fact]
    public async Task RunAsync_OnAFreshTarget_ChangesNothing()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        var before = await Catalogue.ReadAsync(world.Database.OwnerConnectionString);

        await world.RunAsync();

        Catalogue.AssertEqual(before, await Catalogue.ReadAsync(world.Database.OwnerConnectionString));
        Assert.Equal(0, await Sql.ScalarAsync<long>(world.Database.OwnerConnectionString, "SELECT (SELECT count(*) FROM public.users) + (SELECT count(*) FROM public.device_pairings)"));
    }

    [Fact]
    public void All_AgainstTheAssembly_HoldsEveryCheck()
    {
        using var probe = new EndpointProbe();
        var checks = new VerificationChecks(probe, lineage: null!, links: null!).All;
        var types = typeof(VerificationCheck).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(VerificationCheck)));

        Assert.Equal(types.Select(t => t.Name).Order(StringComparer.Ordinal), checks.Select(c => c.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(checks.Count, checks.Select(c => c.Id).Distinct().Count());
        Assert.Equal(checks.OrderBy(c => c.ReadsRows).Select(c => c.Id), checks.Select(c => c.Id)); // what reads tables comes last
    }
}
