using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>
/// Every migration that the portal began, ended after each of its statements as a program leaves it that commits each by itself: what is there is proven,
/// taken away without a trace, and the migration can be applied again.
/// </summary>
public sealed class MigrationHalfAppliedTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryMigration_EndedAfterEachStatement_IsProvenAndRepaired()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await using var reference = await Reference.CreateAsync(cluster);
        var repaired = 0;
        foreach (var script in world.Get<MigrationScripts>().All)
        {
            var before = await LinesAsync(world);
            for (var count = 1; ; count++)
            {
                await world.BegunAsync(script);
                await RunAsync(world, script.Up.Take(count));
                var lines = await LinesAsync(world);
                if (count == script.Up.Count || MigrationProof.Of(script.Id, lines).Trace == MigrationTrace.After)
                    break; // what may follow, such as RESET, leaves nothing in the database
                if (before.SetEquals(lines))
                    continue;
                await RepairAsync(world, script, $"{script.Name} after {count} of {script.Up.Count} statements");
                Assert.Equal(before, await LinesAsync(world));
                repaired++;
            }

            var marked = await world.Get<MigrationResolution>().ResolveAsync(OperationsWorld.Admin, "staging", script.Id, "all of it is there", Token);
            Assert.True(marked is MigrationOutcome.Nothing { Message: "All of it is there: marked as applied." }, $"{script.Name}: {marked}");
        }

        Assert.True(repaired > 60, $"{repaired}");
        Catalogue.AssertEqual(await Catalogue.ReadAsync(reference.OwnerConnectionString), await Catalogue.ReadAsync(world.Staging.OwnerConnectionString));
        Assert.Empty((await world.StatusAsync("staging")).Pending);
    }

    /// <summary>A second attempt of the runner begins with the first statement: nothing may be left half-done that it would trip over.</summary>
    [Fact]
    public void EveryMigration_IsOneTransaction_OrNoneAtAll() =>
        Assert.Empty(new MigrationScripts().All.Where(m => m.Up.Select(s => s.InTransaction).Distinct().Count() > 1 || m.Down.Select(s => s.InTransaction).Distinct().Count() > 1).Select(m => m.Name));

    private static async Task RepairAsync(OperationsWorld world, MigrationScript script, string where)
    {
        var resolution = world.Get<MigrationResolution>();
        var refused = await resolution.ResolveAsync(OperationsWorld.Admin, "staging", script.Id, "half-applied", Token);
        Assert.True(refused is MigrationOutcome.Refused, $"{where}: {refused}");
        var cleaned = await resolution.CleanUpAsync(OperationsWorld.Admin, "staging", script.Id, "half-applied", Token);
        Assert.True(cleaned is MigrationOutcome.Nothing, $"{where}: {(cleaned is MigrationOutcome.Refused why ? string.Join(' ', why.Reasons) : cleaned)}");
    }

    private static async Task RunAsync(OperationsWorld world, IEnumerable<MigrationStatement> statements)
    {
        await using var connection = await world.OpenAsync();
        foreach (var statement in statements)
            await TargetHistory.ExecuteAsync(connection, statement.Sql, Token);
    }

    private static async Task<HashSet<string>> LinesAsync(OperationsWorld world)
    {
        await using var connection = await world.OpenAsync();
        return await CatalogueLines.ReadAsync(connection, Token);
    }
}
