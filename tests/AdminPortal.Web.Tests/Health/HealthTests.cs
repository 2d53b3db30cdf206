using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;

namespace AdminPortal.Web.Tests.Health;

public sealed class HealthTests(PostgresCluster cluster)
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Database=gone;Username=x;Password=secret-word;Timeout=2";

    [Fact]
    public async Task Health_AllUp_IsHealthy()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, TestContext.Current.CancellationToken);

        var (status, body) = await ApiWorld.GetAsync(portal.Client(), "/api/health");

        Assert.Equal((200, "healthy"), (status, body.GetProperty("data").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Health_AnotherTargetDown_IsDegradedAndStill200()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, TestContext.Current.CancellationToken, settings: new()
        {
            ["Portal:Targets:main:Primary"] = "true",
            ["Portal:Targets:staging:ConnectionString"] = Nowhere,
        });

        var (status, body) = await ApiWorld.GetAsync(portal.Client(), "/api/health");

        Assert.Equal((200, "degraded"), (status, body.GetProperty("data").GetProperty("status").GetString()));
        Assert.Equal("degraded", body.GetProperty("data").GetProperty("checks").GetProperty("target-staging").GetString());
        Assert.DoesNotContain("secret-word", body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_PrimaryDown_Is503AndNamesTheCheck()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, TestContext.Current.CancellationToken, settings: new()
        {
            ["Portal:Targets:production:ConnectionString"] = Nowhere,
            ["Portal:Targets:production:Primary"] = "true",
        });

        var (status, body) = await ApiWorld.GetAsync(portal.Client(), "/api/health");

        Assert.Equal((503, "unhealthy"), (status, body.GetProperty("data").GetProperty("status").GetString()));
        Assert.Equal("unhealthy", body.GetProperty("data").GetProperty("checks").GetProperty("target-production").GetString());
        Assert.Equal("healthy", body.GetProperty("data").GetProperty("checks").GetProperty("portal-database").GetString());
    }
}
