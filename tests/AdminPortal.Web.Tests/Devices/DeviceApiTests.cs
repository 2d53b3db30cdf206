using System.Text.Json;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Pairing;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>The API of paired devices: who sees, changes and ends which.</summary>
public sealed class DeviceApiTests(PostgresCluster cluster) : IAsyncLifetime
{
    private ApiWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ApiWorld.StartAsync(cluster);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Revoke_ByOwnerAdminDeviceAndStranger_HoldsFromTheNextCallOn()
    {
        var (first, firstToken) = await world.PairAsync(world.User);
        var (second, secondToken) = await world.PairAsync(world.User);
        var (third, thirdToken) = await world.PairAsync(world.User);

        ApiWorld.AssertProblem(await DeleteAsync(world.Support, first), 403, "forbidden");
        ApiWorld.AssertProblem(await ApiWorld.SendAsync(world.Nobody, HttpMethod.Delete, $"/api/qr/pair/{first}", bearer: secondToken), 404, "not-found");
        Assert.Equal(200, (await ApiWorld.GetAsync(world.Nobody, "/api/qr/pair", firstToken)).Status);

        Assert.Equal(200, (await DeleteAsync(world.User, first)).Status);
        Assert.Equal(200, (await DeleteAsync(world.Admin, second)).Status);
        Assert.Equal(200, (await ApiWorld.SendAsync(world.Nobody, HttpMethod.Delete, $"/api/qr/pair/{third}", bearer: thirdToken)).Status);
        foreach (var token in new[] { firstToken, secondToken, thirdToken })
        {
            ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Nobody, "/api/qr/pair", token), 401, "device-revoked");
        }

        Assert.True((await DeleteAsync(world.Admin, first)).Body.GetProperty("data").GetProperty("alreadyEnded").GetBoolean());
    }

    [Fact]
    public async Task Permissions_ByOwnerAdminSupportAndDevice_ChangeOnlyForTheFirstTwo()
    {
        var (device, token) = await world.PairAsync(world.User);
        var body = $$"""{"deviceId":"{{device}}","permissions":["WRITE_NOTES"]}""";

        ApiWorld.AssertProblem(await ApiWorld.SendAsync(world.Nobody, HttpMethod.Post, "/api/qr/permissions", body, token), 403, "forbidden");
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.Support, "/api/qr/permissions", body), 403, "forbidden");
        Assert.Equal("READ_PATIENT_DATA", await ScopeAsync(token));

        Assert.Equal(200, (await ApiWorld.PostAsync(world.User, "/api/qr/permissions", body)).Status);
        Assert.Equal("WRITE_NOTES", await ScopeAsync(token));
        var full = $$"""{"deviceId":"{{device}}","permissions":["FULL_ACCESS"]}""";
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.User, "/api/qr/permissions", full), 403, "forbidden");
        Assert.Equal(200, (await ApiWorld.PostAsync(world.Admin, "/api/qr/permissions", full)).Status);
        Assert.Equal("FULL_ACCESS", await ScopeAsync(token));
    }

    [Fact]
    public async Task Devices_PagedByCursor_AreAllThereOnce()
    {
        for (var i = 0; i < 5; i++)
        {
            await world.PairAsync(i % 2 == 0 ? world.User : world.Admin);
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await ApiWorld.GetAsync(world.Support, $"/api/devices?limit=2&sort=name&cursor={cursor}")).Body.GetProperty("data");
            seen.AddRange(page.GetProperty("devices").EnumerateArray().Select(d => d.GetProperty("deviceId").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(["device-1", "device-2", "device-3", "device-4", "device-5"], seen.Order());
        var found = (await ApiWorld.GetAsync(world.Admin, "/api/devices?search=evice-3&state=active&type=MOBILE_IOS")).Body.GetProperty("data");
        Assert.Equal("device-3", Assert.Single(found.GetProperty("devices").EnumerateArray()).GetProperty("deviceId").GetString());
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Admin, "/api/devices?state=asleep"), 400, "invalid-request");
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.User, "/api/devices"), 403, "forbidden");
    }

    [Fact]
    public async Task DeadToken_ThatKeepsCalling_IsSlowedWithoutTouchingOthers()
    {
        var (device, token) = await world.PairAsync(world.User);
        var (_, other) = await world.PairAsync(world.User);
        await DeleteAsync(world.User, device);

        var answers = new List<(int Status, JsonElement Body)>();
        for (var i = 0; i < 31; i++)
        {
            answers.Add(await ApiWorld.GetAsync(world.Nobody, "/api/qr/pair", token));
        }

        Assert.All(answers.Take(30), answer => Assert.Equal(401, answer.Status));
        ApiWorld.AssertProblem(answers[30], 429, "too-many-requests");
        Assert.Equal(200, (await ApiWorld.GetAsync(world.Nobody, "/api/qr/pair", other)).Status);
    }

    private static Task<(int Status, JsonElement Body)> DeleteAsync(HttpClient client, string deviceId) =>
        ApiWorld.SendAsync(client, HttpMethod.Delete, $"/api/qr/pair/{deviceId}");

    private async Task<string?> ScopeAsync(string token)
    {
        var own = await ApiWorld.GetAsync(world.Nobody, "/api/qr/pair", token);
        var device = Assert.Single(own.Body.GetProperty("data").EnumerateArray());
        return Assert.Single(device.GetProperty("permissions").EnumerateArray()).GetProperty("scope").GetString();
    }
}
