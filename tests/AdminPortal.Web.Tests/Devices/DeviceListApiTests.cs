using System.Net;
using System.Text.Json;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Devices;

[Collection(ApiPortalCollection.Name)]
public sealed class DeviceListApiTests(ApiPortal portal)
{
    [Fact]
    public async Task List_ByRole_IsForAdminsAndSupport()
    {
        (await (await portal.NewPersonAsync()).Api.GetAsync("/api/devices")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await (await portal.NewPersonAsync(AccountRole.Support)).Api.GetAsync("/api/devices")).Data();
        (await (await portal.NewPersonAsync(AccountRole.Admin)).Api.GetAsync("/api/devices")).Data();
        (await portal.Anyone().GetAsync("/api/devices")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task List_ByStateTypeAndSearch_HasTheMatchingDevices()
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);
        var owner = await portal.Portal.AddPersonAsync("Filter Person");
        var mark = NewDeviceId() + "-filter";
        await portal.Portal.AddDeviceAsync(owner, $"{mark}-a");
        await portal.Portal.AddDeviceAsync(owner, $"{mark}-x", p => p.ExpiresAt = p.CreatedAt.AddMinutes(-1));
        await portal.Portal.AddDeviceAsync(owner, $"{mark}-r", p => p.IsActive = false);
        await portal.Portal.AddDeviceAsync(owner, $"{mark}-q", quarantined: true);
        await portal.Portal.AddDeviceAsync(owner, $"{mark}-t", p => p.DeviceType = DeviceType.Tablet);

        async Task<string> FindAsync(string filter) => string.Concat(
            (await support.Api.GetAsync($"/api/devices?search={mark}&{filter}")).Data().GetProperty("devices").EnumerateArray()
                .Select(d => Text(d, "deviceId")[^1]));

        Assert.Equal("aqrtx", await FindAsync("sort=name"));
        Assert.Equal("xtrqa", await FindAsync("sort=-name"));
        Assert.Equal("at", await FindAsync("sort=name&state=active"));
        Assert.Equal("x", await FindAsync("state=expired"));
        Assert.Equal("r", await FindAsync("state=revoked"));
        Assert.Equal("q", await FindAsync("state=QUARANTINED"));
        Assert.Equal("t", await FindAsync("type=TABLET"));
        Assert.Equal("", await FindAsync("state=expiring"));
        Assert.Equal("", await FindAsync("scope=WRITE_NOTES"));
        Assert.Equal("aqrtx", await FindAsync("seen=7d&paired=1d&sort=name"));
        Assert.Equal("", await FindAsync("seen=over-1d"));
        Assert.Equal("", await FindAsync("platform=ios&appVersion=2.4"));
    }

    [Fact]
    public async Task List_PageByPage_HasEveryDeviceOnce()
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);
        var owner = await portal.Portal.AddPersonAsync();
        var mark = NewDeviceId() + "-page";
        for (var n = 0; n < 7; n++)
        {
            await portal.Portal.AddDeviceAsync(owner, $"{mark}-{n}");
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await support.Api.GetAsync($"/api/devices?search={mark}&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).Data();
            Assert.Equal(["devices", "nextCursor", "count", "countIsAbout"], ApiAnswer.Names(page));
            Assert.Equal(7, page.GetProperty("count").GetInt32());
            seen.AddRange(page.GetProperty("devices").EnumerateArray().Select(d => Text(d, "deviceId")));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null && seen.Count < 20);

        Assert.Equal(7, seen.Count);
        Assert.Equal(7, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task List_ARow_HasTheDocumentedNames()
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);
        var mark = NewDeviceId() + "-row";
        await portal.Portal.AddDeviceAsync(await portal.Portal.AddPersonAsync("Berta"), mark);

        var row = Assert.Single((await support.Api.GetAsync($"/api/devices?search={mark}")).Data().GetProperty("devices").EnumerateArray());

        Assert.Equal(
            ["id", "deviceId", "deviceType", "deviceName", "userId", "userName", "userEmail", "state", "lastSeenAt", "createdAt", "expiresAt", "permissions"],
            ApiAnswer.Names(row));
        Assert.Equal(("Berta", "active", JsonValueKind.Number), (Text(row, "userName"), Text(row, "state"), row.GetProperty("permissions").ValueKind));
    }

    [Theory]
    [InlineData("state=asleep")]
    [InlineData("state=active&state=revoked")]
    [InlineData("type=FRIDGE")]
    [InlineData("scope=EVERYTHING")]
    [InlineData("seen=lately")]
    [InlineData("paired=over-0d")]
    [InlineData("sort=colour")]
    [InlineData("sort=--name")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=many")]
    [InlineData("limit=99999999999")]
    public async Task List_FilterOfAnotherWorld_IsInvalid(string filter)
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);

        (await support.Api.GetAsync($"/api/devices?{filter}")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task List_ByScopesOfMoreThanCanBeCounted_AsksForAFilter()
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);
        var owner = await portal.Portal.AddPersonAsync();
        await using var db = portal.Portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
             SELECT 'crowded-' || n, {owner}, 'crowded-' || n, 'DESKTOP', 'sha256:crowded-' || n, now() + interval '30 days', now() FROM generate_series(1, 20000) n
             """, TestContext.Current.CancellationToken);
        await using var statistics = await portal.OpenOwnerAsync();
        await statistics.ExecuteAsync("ANALYZE public.device_pairings"); // the rows may lie in pages that others have left
        try
        {
            (await support.Api.GetAsync("/api/devices?sort=-scopes")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
            (await support.Api.GetAsync("/api/devices?sort=-scopes&search=crowded-77")).Data();
            (await support.Api.GetAsync("/api/devices?sort=expires")).Data();
        }
        finally
        {
            await db.DevicePairings.Where(p => p.UserId == owner).ExecuteDeleteAsync(CancellationToken.None);
            await statistics.ExecuteAsync("ANALYZE public.device_pairings");
        }
    }
}
