using AdminPortal.Core.Migrations;
using AdminPortal.Core.SampleData;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.SampleData;

/// <summary>Filling a target with a crowd: all of it, twice beside itself, and never beside real devices unasked.</summary>
public sealed class SampleCrowdTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly PortalOptions options = new();
    private TestDatabase database = null!;
    private SampleCrowd crowd = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await cluster.CreateDeviceDatabaseAsync(Token);
        options.Targets["main"] = new TargetOptions { ConnectionString = database.RuntimeConnectionString, OwnerConnectionString = database.OwnerConnectionString };
        crowd = new SampleCrowd(Options.Create(options), TimeProvider.System);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task FillAsync_Twice_MakesTwoCrowdsInEveryStateWithWhatBelongsToThem()
    {
        for (var round = 1; round <= 2; round++)
        {
            var done = Assert.IsType<SampleCrowdOutcome.Done>(await FillAsync(1000));

            Assert.Equal((100, 1000), (done.Users, done.Pairings));
            Assert.Equal(1000L * round, await CountAsync("public.device_pairings"));
            Assert.Equal(100L * round, await CountAsync("public.users"));
        }

        Assert.InRange(await CountAsync("public.device_permissions"), 4500, 5500);
        Assert.InRange(await CountAsync("public.devices"), 1200, 1600);
        Assert.InRange(await CountAsync("portal.device_events"), 2000, 2500);
        Assert.Equal(4, await CountAsync("portal.device_state"));
        Assert.InRange(await CountAsync("""public.device_pairings WHERE NOT "isActive" """), 100, 500);
        Assert.InRange(await CountAsync("""public.device_pairings WHERE "isActive" AND "expiresAt" < now() AT TIME ZONE 'utc'"""), 80, 400);
        Assert.Equal(0, await CountAsync("""public.device_pairings WHERE "lastSeenAt" < "createdAt" - interval '1 second' OR "lastSeenAt" > now() AT TIME ZONE 'utc' + interval '1 second'"""));
        Assert.Equal(0, await CountAsync("""public.users WHERE id NOT LIKE 'sample-%'"""));
    }

    [Fact]
    public async Task FillAsync_BesideRealDevices_IsRefusedUnlessForced()
    {
        await Sql.ExecuteAsync(database.OwnerConnectionString, """
            INSERT INTO public.users (id, email, "updatedAt") VALUES ('real', 'real@example.org', now());
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt") VALUES ('p', 'real', 'd', 'TABLET', 't', now(), now())
            """);

        Assert.Contains("--force", Assert.IsType<SampleCrowdOutcome.Refused>(await FillAsync(10)).Reason, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync("public.device_pairings"));
        Assert.IsType<SampleCrowdOutcome.Done>(await FillAsync(10, force: true));
        Assert.Equal(11, await CountAsync("public.device_pairings"));
    }

    [Fact]
    public async Task FillAsync_ProtectedTarget_IsRefused()
    {
        options.Targets["main"].Protected = true;

        Assert.IsType<SampleCrowdOutcome.Refused>(await FillAsync(10));
        Assert.Equal(0, await CountAsync("public.users"));
    }

    [Fact]
    public async Task FillAsync_Stopped_LeavesNothing()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => crowd.FillAsync("main", 60_000, false, new Stopper(stop), stop.Token));

        Assert.Equal(0, await CountAsync("public.users"));
    }

    [Fact]
    public async Task Sample_OnAHostsOwnPeople_AddsAndRemovesNobody()
    {
        await using var world = await GuideHost.CreateAsync(cluster, """INSERT INTO public.users (id, email, "updatedAt") VALUES ('sample-of-the-host', 'shop@example.org', now())""");
        Assert.Equal(RunState.Done, (await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: false, "a test", Token))).State);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
        options.Targets["staging"] = new TargetOptions { ConnectionString = world.Staging.RuntimeConnectionString, OwnerConnectionString = world.Staging.OwnerConnectionString };

        Assert.Contains("its host's", Assert.IsType<SampleCrowdOutcome.Refused>(await crowd.FillAsync("staging", 10, force: true, new Progress<int>(), Token)).Reason, StringComparison.Ordinal);
        await using var connection = await world.OpenAsync();
        Assert.False(await MigrationSteps.MadePeopleAsync(connection, Token));
        await SampleDataSet.RemoveFromAsync(connection, Token);

        Assert.Equal(501L, await world.ScalarAsync("SELECT count(*) FROM public.users"));
    }

    private Task<SampleCrowdOutcome> FillAsync(int pairings, bool force = false) => crowd.FillAsync("main", pairings, force, new Progress<int>(), Token);

    private Task<long> CountAsync(string from) => Sql.ScalarAsync<long>(database.OwnerConnectionString, $"SELECT count(*) FROM {from}");

    /// <summary>Stops the fill when its first chunk is written.</summary>
    private sealed class Stopper(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }
}
