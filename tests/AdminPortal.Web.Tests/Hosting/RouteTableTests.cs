using System.Net;
using System.Net.Http.Headers;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Users;
using AdminPortal.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>Every route of the running portal, and who may use it: tried by everyone.</summary>
public sealed class RouteTableTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Token = "dvc_of-the-route-table";

    private static readonly Dictionary<string, Who> Table = new()
    {
        // pages
        ["GET /"] = Who.Person,
        ["GET /pair"] = Who.Person,
        ["GET /my-devices"] = Who.Person,
        ["GET /devices"] = Who.Staff,
        ["GET /devices/{Id}"] = Who.Person, // owners see their own; the service hides others'
        ["GET /users"] = Who.Staff,
        ["GET /users/{Id}"] = Who.Staff,
        ["GET /sync"] = Who.Staff,
        ["GET /accounts"] = Who.Admin,
        ["GET /account"] = Who.Person,
        ["POST /sign-out"] = Who.Anyone,
        ["GET /not-allowed"] = Who.Person,
        ["GET /not-found"] = Who.Anyone,
        ["GET /sign-in"] = Who.Anyone,
        ["GET /forgot-password"] = Who.Anyone,
        ["GET /reset-password"] = Who.Anyone,
        ["GET /p"] = Who.Anyone,

        // API
        ["POST /api/auth/login"] = Who.Anyone,
        ["POST /api/auth/refresh"] = Who.Anyone,
        ["GET /api/auth/csrf"] = Who.Person,
        ["POST /api/qr/sessions"] = Who.Person,
        ["GET /api/qr/sessions/{id}"] = Who.Person,
        ["POST /api/qr/sessions/{id}/confirm"] = Who.Person,
        ["POST /api/qr/sessions/{id}/refuse"] = Who.Person,
        ["POST /api/qr/pair"] = Who.Anyone,
        ["POST /api/qr/pair/preview"] = Who.Anyone,
        ["GET /api/qr/pair"] = Who.PersonOrDevice,
        ["DELETE /api/qr/pair/{id}"] = Who.PersonOrDevice,
        ["POST /api/qr/permissions"] = Who.Person,
        ["GET /api/devices"] = Who.Staff,
        ["GET /api/health"] = Who.Anyone,
        ["GET /openapi/v1.json"] = Who.Anyone,
    };

    // Its 401 speaks of the poll token, which is this address' own credential.
    private const string Collect = "GET /api/qr/pair/{id}";

    private RunningPortal portal = null!;

    private enum Who
    {
        Anyone,
        PersonOrDevice,
        Person,
        Staff,
        Admin,
    }

    public async ValueTask InitializeAsync()
    {
        portal = await RunningPortal.StartAsync(cluster, TestContext.Current.CancellationToken);
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<DeviceDbContext>>().CreateDbContextAsync();
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        db.Users.Add(new AppUser { Id = "u1", Email = "u1@example.org", UpdatedAt = time });
        db.DevicePairings.Add(new DevicePairing
        {
            Id = "p1",
            UserId = "u1",
            DeviceId = "d1",
            SessionToken = PairingSecretsHash(Token),
            ExpiresAt = time.AddYears(50),
            LastSeenAt = time,
            CreatedAt = time,
            UpdatedAt = time,
        });
        await db.SaveChangesAsync();
    }

    public async ValueTask DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public void EveryRoute_OfThePortal_IsInTheTable()
    {
        var routes = Routes().Select(r => r.Key).Where(key => key != Collect).Order().ToList();

        Assert.Equal(Table.Keys.Order(), routes);
    }

    [Fact]
    public void EveryRoute_OfThePortal_HasAPolicyOrIsOpenOnPurpose()
    {
        var bare = Routes().Where(r => r.Endpoint.Metadata.GetMetadata<IAuthorizeData>() is null && r.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

        Assert.Empty(bare.Select(r => r.Key));
    }

    [Fact]
    public async Task EveryRoute_TriedByEveryone_LetsInWhomTheTableSays()
    {
        var callers = new Dictionary<string, HttpClient> { ["anonymous"] = portal.Client(), ["device"] = portal.Client(new AuthenticationHeaderValue("Bearer", Token)) };
        foreach (var role in Enum.GetValues<AccountRole>())
        {
            callers[role.ToString()] = (await portal.SignInProgramAsync(role, TestContext.Current.CancellationToken)).Client;
        }

        var wrong = new List<string>();
        foreach (var (route, who) in Table)
        {
            foreach (var (name, client) in callers.OrderBy(c => route.StartsWith("DELETE", StringComparison.Ordinal) && c.Key == "device"))
            {
                var answer = await SendAsync(client, route);
                if (IsLetIn(answer) != May(name, who))
                {
                    wrong.Add($"{route} by {name}: {(int)answer.StatusCode} {answer.Headers.Location}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    private IEnumerable<(string Key, RouteEndpoint Endpoint)> Routes() =>
        from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = "/" + endpoint.RoutePattern.RawText?.Trim('/')
        where endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !pattern.StartsWith("/_", StringComparison.Ordinal) && !pattern.Contains(":file", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Take(1) ?? ["GET"]
        select ($"{method} {pattern}", endpoint);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string route)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1].Replace("{id}", "nobody", StringComparison.OrdinalIgnoreCase));
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        }

        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Refused: 401 or 403, or sent to sign in or to the page that says no.</summary>
    private static bool IsLetIn(HttpResponseMessage answer)
    {
        var asked = answer.RequestMessage!.RequestUri!.AbsolutePath;
        if (asked is "/api/auth/login" or "/api/auth/refresh" or "/sign-out")
        {
            return true; // the first two refuse credentials, not callers; the last leads everyone to the sign-in page
        }

        var sentTo = answer.Headers.Location?.ToString() ?? "";
        return answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            && !sentTo.Contains("/sign-in", StringComparison.Ordinal) && !sentTo.Contains("/not-allowed", StringComparison.Ordinal);
    }

    private static bool May(string caller, Who who) => who switch
    {
        Who.Anyone => true,
        Who.PersonOrDevice => caller != "anonymous",
        Who.Person => caller is not ("anonymous" or "device"),
        Who.Staff => caller is nameof(AccountRole.Support) or nameof(AccountRole.Admin),
        _ => caller == nameof(AccountRole.Admin),
    };

    private static string PairingSecretsHash(string token) =>
        "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
