using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Users;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Pairing;

/// <summary>The API over a real connection: a person of each role with devices of their own, and devices that pair.</summary>
internal sealed class ApiWorld : IAsyncDisposable
{
    private int devices;

    private ApiWorld(RunningPortal portal) => Portal = portal;

    public RunningPortal Portal { get; }

    public HttpClient User { get; private set; } = null!;

    public HttpClient Support { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Nobody { get; private set; } = null!;

    public static async Task<ApiWorld> StartAsync(PostgresCluster cluster, Dictionary<string, string?>? settings = null)
    {
        var token = TestContext.Current.CancellationToken;
        var world = new ApiWorld(await RunningPortal.StartAsync(cluster, token, "http://127.0.0.1", kestrel: true, settings));
        await using (var db = await world.OpenAsync())
        {
            foreach (var role in Enum.GetValues<AccountRole>())
            {
                db.Users.Add(new AppUser { Id = $"person-{role}", Email = RunningPortal.EmailOf(role), UpdatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) });
            }

            await db.SaveChangesAsync(token);
        }

        var accounts = world.Portal.Services.GetRequiredService<AccountService>();
        foreach (var (role, id) in world.Portal.Ids)
        {
            Assert.IsType<AccountOutcome.Done>(await accounts.LinkUserAsync(id, $"person-{role}", Actor.CommandLine, token));
        }

        world.User = (await world.Portal.SignInProgramAsync(AccountRole.User, token)).Client;
        world.Support = (await world.Portal.SignInProgramAsync(AccountRole.Support, token)).Client;
        world.Admin = (await world.Portal.SignInProgramAsync(AccountRole.Admin, token)).Client;
        world.Nobody = world.Portal.Client();
        return world;
    }

    public Task<DeviceDbContext> OpenAsync() => Portal.Services.GetRequiredService<IDbContextFactory<DeviceDbContext>>().CreateDbContextAsync();

    public async Task ExecuteAsync(string sql)
    {
        await using var db = await OpenAsync();
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    /// <summary>Any JSON, well-formed or not; the answer's status and body.</summary>
    public static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient client, HttpMethod method, string path, string? json = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    public static Task<(int Status, JsonElement Body)> PostAsync(HttpClient client, string path, string json) => SendAsync(client, HttpMethod.Post, path, json);

    public static Task<(int Status, JsonElement Body)> GetAsync(HttpClient client, string path, string? bearer = null) =>
        SendAsync(client, HttpMethod.Get, path, bearer: bearer);

    /// <summary>A code of the person's; its data.</summary>
    public static async Task<JsonElement> NewCodeAsync(HttpClient person, string permissions = """["READ_PATIENT_DATA"]""")
    {
        var (status, body) = await PostAsync(person, "/api/qr/sessions", $$"""{"permissions":{{permissions}}}""");
        Assert.Equal(201, status);
        return body.GetProperty("data");
    }

    /// <summary>The guide's own body, with all that it names.</summary>
    public static string ClaimBody(JsonElement code, string deviceId, string? pairingCode = null) => JsonSerializer.Serialize(new
    {
        qrPayload = new
        {
            sessionId = code.GetProperty("sessionId").GetString(),
            userId = "somebody-else",
            deviceId,
            deviceType = "MOBILE_IOS",
            pairingCode = pairingCode ?? code.GetProperty("qrPayload").GetProperty("pairingCode").GetString(),
            expiresAt = 1735689600000,
        },
    });

    /// <summary>From the code to the token; the deviceId and the token.</summary>
    public async Task<(string DeviceId, string Token)> PairAsync(HttpClient person, string? deviceId = null)
    {
        deviceId ??= $"device-{Interlocked.Increment(ref devices)}";
        var code = await NewCodeAsync(person);
        var session = code.GetProperty("sessionId").GetString();
        var claim = (await PostAsync(Nobody, "/api/qr/pair", ClaimBody(code, deviceId))).Body.GetProperty("data");
        await PostAsync(person, $"/api/qr/sessions/{session}/confirm", $$"""{"matchNumber":"{{claim.GetProperty("matchNumber").GetString()}}"}""");
        var (status, body) = await GetAsync(Nobody, $"/api/qr/pair/{session}", claim.GetProperty("pollToken").GetString());
        Assert.Equal(200, status);
        return (deviceId, body.GetProperty("data").GetProperty("sessionToken").GetString()!);
    }

    /// <summary>Problem details of this status whose type ends in the name, with success false beside.</summary>
    public static void AssertProblem((int Status, JsonElement Body) answer, int status, string name)
    {
        Assert.Equal((status, name), (answer.Status, answer.Body.GetProperty("type").GetString()!.Split(':')[^1]));
        Assert.False(answer.Body.GetProperty("success").GetBoolean());
        Assert.False(string.IsNullOrWhiteSpace(answer.Body.GetProperty("title").GetString()));
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
