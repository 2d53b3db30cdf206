using System.Net;
using System.Net.Http.Json;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>Who was refused, and from which address the portal believes that it was.</summary>
public sealed class RefusalRecordTests(PostgresCluster cluster)
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refused_PageApiAndWrongCode_AreInTheRecord()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, None);
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);

        await browser.GetAsync("/accounts");
        await browser.GetAsync("/api/devices");
        await portal.Browse().SendAsync(HttpMethod.Post, "/api/qr/pair", JsonContent.Create(new { shortCode = "BBBB-BBBB", deviceId = "d", deviceType = "TABLET" }));

        var rows = await RowsAsync(portal, "request.refused");
        Assert.Contains((portal.Ids[AccountRole.User], "GET /accounts", "forbidden"), rows);
        Assert.Contains((portal.Ids[AccountRole.User], "GET /api/devices", "forbidden"), rows);
        Assert.Contains(rows, row => row is { What: "POST /api/qr/pair", Reason: "code-wrong" });
        Assert.Equal(3, rows.Count);
    }

    /// <summary>A network of proxies that holds clients too: what they say of others is not believed.</summary>
    [Theory]
    [InlineData("127.0.0.0/8", "127.0.0.7")]
    [InlineData("127.0.0.1", "127.0.0.7")]
    public async Task Forwarded_ThroughAKnownNetwork_TheNearestHopCounts(string known, string expected)
    {
        await using var portal = await RunningPortal.StartAsync(cluster, None, kestrel: true, settings: new() { ["Portal:KnownProxies:0"] = known });
        using var client = new HttpClient { BaseAddress = portal.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.9, 127.0.0.7");

        var answer = await client.PostAsJsonAsync("/api/auth/login", new { email = "nobody@example.org", password = "wrong" }, None);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(None);
        Assert.Equal(expected, await db.AuditEvents.Where(e => e.Action == "sign-in.failed").Select(e => e.Address).SingleAsync(None));
    }

    private static async Task<List<(string Actor, string? What, string? Reason)>> RowsAsync(RunningPortal portal, string action)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(None);
        var rows = await db.AuditEvents.Where(e => e.Action == action).Select(e => new { e.ActorId, e.Subject, e.Reason }).ToListAsync(None);
        return rows.ConvertAll(row => (row.ActorId, row.Subject, row.Reason));
    }
}
