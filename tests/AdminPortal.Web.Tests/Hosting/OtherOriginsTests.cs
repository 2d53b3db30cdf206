using System.Net;
using AdminPortal.Core.Targets;
using AdminPortal.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>A web app on another origin is a device, too, where the portal is told of it.</summary>
public sealed class OtherOriginsTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string App = "https://app.example.org";
    private RunningPortal portal = null!;
    private HttpClient client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal = await RunningPortal.StartAsync(cluster, Token, settings: new() { ["Portal:AllowedOrigins:0"] = App, ["Portal:AllowedOrigins:1"] = "http://localhost:8081" }, kestrel: true);
        client = new HttpClient { BaseAddress = portal.Address };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await portal.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/api/sync/push")]
    [InlineData("PUT", "/api/devices/me")]
    [InlineData("GET", "/api/devices/me/events")]
    [InlineData("POST", "/api/qr/pair")]
    [InlineData("DELETE", "/api/qr/pair/device-123")]
    [InlineData("GET", "/api/health")]
    public async Task Preflight_OfAKnownOrigin_IsAllowedWithoutCookies(string method, string path)
    {
        using var answer = await SendAsync(HttpMethod.Options, path, App, method);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(App, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains(method, Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("authorization,content-type,content-encoding", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Answers_ToAKnownOrigin_CanBeReadAlsoWhenTheyRefuse()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/api/sync/pull", App);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(App, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("Retry-After", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/sync/push", "https://evil.example.org")]
    [InlineData("/api/sync/push", "https://app.example.org.evil.example")]
    [InlineData("/api/sync/push", "http://app.example.org")]
    [InlineData("/api/auth/login", App)]
    [InlineData("/api/devices", App)]
    [InlineData("/sign-in", App)]
    public async Task Preflight_OfAStrangerOrOfWhatIsNotForDevices_IsNotAllowed(string path, string origin)
    {
        using var answer = await SendAsync(HttpMethod.Options, path, origin, "POST");

        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("app.example.org")]
    [InlineData("https://app.example.org/path")]
    [InlineData("https://*.example.org")]
    [InlineData("null")]
    public void Setting_ThatIsNoOrigin_IsRefusedAtStart(string origin)
    {
        var options = new PortalOptions { Targets = { ["main"] = new TargetOptions { ConnectionString = RunningPortal.NoDatabase } }, AllowedOrigins = { origin } };

        var result = portal.Services.GetRequiredService<IEnumerable<IValidateOptions<PortalOptions>>>().Single().Validate(null, options);

        Assert.Contains($"Portal:AllowedOrigins holds '{origin}'", result.FailureMessage, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string origin, string? asked = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (asked is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", asked);
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,content-encoding");
        }

        return await client.SendAsync(request, Token);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
