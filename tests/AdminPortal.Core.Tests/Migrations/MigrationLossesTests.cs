using AdminPortal.Core.Migrations;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>What a roll-back says that it loses, before it is started.</summary>
public sealed class MigrationLossesTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ToEveryMigrationAndToNone_CountsOnlyWhatExists()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await world.ExecuteAsync("""INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now())""");
        var status = await world.StatusAsync("staging");

        foreach (var to in status.Migrations.Select(m => m.Id).Prepend(""))
        {
            var losses = (await world.Get<MigrationLosses>().ReadAsync(status, to, Token)).Losses;

            Assert.Equal(to.Length == 0, losses.Contains("1 rows of public.users"));
        }
    }

    [Fact]
    public async Task Read_TableThatIsGoneAlready_IsNotCounted()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await world.ExecuteAsync("DROP TABLE portal.device_state CASCADE");
        var status = await world.StatusAsync("staging");

        Assert.DoesNotContain((await world.Get<MigrationLosses>().ReadAsync(status, "", Token)).Losses, loss => loss.Contains("device_state", StringComparison.Ordinal));
    }
}
