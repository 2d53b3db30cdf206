using System.Net;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Health;

public sealed class HealthTests(PostgresCluster cluster)
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_EverythingUp_IsHealthy()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, None);

        var answer = await AskAsync(portal);

        var data = answer.Data();
        Assert.Equal(["status", "version", "checks"], ApiAnswer.Names(data));
        Assert.Equal("healthy", data.GetProperty("status").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+", data.GetProperty("version").GetString()!);
        Assert.Equal("""{"portal-database":"healthy","mail":"healthy","target-main":"healthy"}""", data.GetProperty("checks").GetRawText());
    }

    [Fact]
    public async Task Health_PrimaryDown_IsUnhealthy()
    {
        await using var portal = await RunningPortal.StartAsync(
            cluster, None, settings: new() { ["Portal:Targets:main:ConnectionString"] = RunningPortal.NoDatabase, ["Portal:Targets:main:OwnerConnectionString"] = null });

        var answer = await AskAsync(portal);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.False(answer.Json.GetProperty("success").GetBoolean());
        Assert.Equal("unhealthy", answer.Json.GetProperty("data").GetProperty("status").GetString());
        Assert.Equal("""{"portal-database":"healthy","mail":"healthy","target-main":"unhealthy"}""", answer.Json.GetProperty("data").GetProperty("checks").GetRawText());
        Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_AnotherTargetDown_IsDegradedAndGoesOn()
    {
        await using var portal = await RunningPortal.StartAsync(
            cluster, None, settings: new() { ["Portal:Targets:main:Primary"] = "true", ["Portal:Targets:staging:ConnectionString"] = RunningPortal.NoDatabase });

        var data = (await AskAsync(portal)).Data();

        Assert.Equal("degraded", data.GetProperty("status").GetString());
        Assert.Equal(
            """{"portal-database":"healthy","mail":"healthy","target-main":"healthy","target-staging":"degraded"}""", data.GetProperty("checks").GetRawText());
    }

    [Fact]
    public async Task Health_PortalDatabaseGone_IsUnhealthyAndTheApiSaysSo()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, None);
        await portal.DropPortalDatabaseAsync();

        var answer = await AskAsync(portal);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("unhealthy", answer.Json.GetProperty("data").GetProperty("checks").GetProperty("portal-database").GetString());
        var login = await portal.Browse().SendAsync(HttpMethod.Post, "/api/auth/login", System.Net.Http.Json.JsonContent.Create(new { email = "a@example.org", password = "b" }));
        (await ApiAnswer.ReadAsync(login, None)).IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        Assert.NotNull(login.Headers.RetryAfter);
    }

    [Fact]
    public async Task Health_AppThatSaysItsVersion_HearsWhetherItHasToBeUpdated()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, None, settings: new() { ["Portal:LatestAppVersion"] = "2.1.0" }, kestrel: true);
        var none = (await AskAsync(portal, "1.4.9")).Data();
        await portal.Services.GetRequiredService<MinimumVersions>().SetAsync(Actor.CommandLine, "1.5", null, None);

        var (old, current, odd) = ((await AskAsync(portal, "1.4.9")).Data(), (await AskAsync(portal, "1.5.0")).Data(), (await AskAsync(portal, "beta")).Data());

        Assert.Equal(["status", "version", "checks", "latestAppVersion", "forceUpdate"], ApiAnswer.Names(none));
        Assert.Equal(("1.5", "2.1.0", true), (old.GetProperty("minAppVersion").GetString(), old.GetProperty("latestAppVersion").GetString(), old.GetProperty("forceUpdate").GetBoolean()));
        Assert.False(none.GetProperty("forceUpdate").GetBoolean());
        Assert.False(current.GetProperty("forceUpdate").GetBoolean());
        Assert.False(odd.GetProperty("forceUpdate").GetBoolean());
    }

    [Fact]
    public async Task Probes_WhateverThePortalsDatabaseDoes_SayIt()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, None);
        Assert.Equal((HttpStatusCode.OK, "live"), await ProbeAsync(portal, "/health/live"));
        Assert.Equal((HttpStatusCode.OK, "ready"), await ProbeAsync(portal, "/health/ready"));

        await portal.OnPortalDatabaseAsync("""INSERT INTO portal."__EFMigrationsHistory" VALUES ('99990101000000_of_a_newer_release', '10.0.0')""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "schema-newer"), await ProbeAsync(portal, "/health/ready"));
        await portal.OnPortalDatabaseAsync("""DELETE FROM portal."__EFMigrationsHistory" WHERE "MigrationId" = '99990101000000_of_a_newer_release'""");
        await portal.OnPortalDatabaseAsync("""DELETE FROM portal."__EFMigrationsHistory" WHERE "MigrationId" = (SELECT max("MigrationId") FROM portal."__EFMigrationsHistory")""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "schema-older"), await ProbeAsync(portal, "/health/ready"));

        await portal.DropPortalDatabaseAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "database-away"), await ProbeAsync(portal, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "live"), await ProbeAsync(portal, "/health/live"));
    }

    private static async Task<(HttpStatusCode, string)> ProbeAsync(RunningPortal portal, string path)
    {
        using var answer = await portal.Browse().GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(None));
    }

    private static async Task<ApiAnswer> AskAsync(RunningPortal portal) => await ApiAnswer.ReadAsync(await portal.Browse().GetAsync("/api/health"), None);

    private static async Task<ApiAnswer> AskAsync(RunningPortal portal, string appVersion)
    {
        using var client = new HttpClient { BaseAddress = portal.Address };
        client.DefaultRequestHeaders.Add("X-App-Version", appVersion);
        using var answer = await client.GetAsync("/api/health", None);
        return await ApiAnswer.ReadAsync(answer, None);
    }
}
