using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;

namespace AdminPortal.Web.Tests.Hosting;

public sealed class SecurityFrameTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Api_NotSignedIn_IsAProblemAndNoRedirect()
    {
        var answer = await portal.Browse().GetAsync("/api/auth/csrf");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await AssertProblemAsync(answer, "sign-in-required");
    }

    [Fact]
    public async Task Api_CookieWithoutAntiforgeryHeader_IsRefused()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);

        var without = await browser.SendAsync(HttpMethod.Post, "/api/qr/sessions", JsonContent.Create(new { permissions = Array.Empty<string>() }));
        await AssertProblemAsync(without, "antiforgery-token-missing");

        var csrf = (await (await browser.GetAsync("/api/auth/csrf")).Content.ReadFromJsonAsync<JsonElement>(None)).GetProperty("data");
        var with = await browser.SendAsync(
            HttpMethod.Post, "/api/qr/sessions", JsonContent.Create(new { permissions = Array.Empty<string>() }),
            (csrf.GetProperty("headerName").GetString()!, csrf.GetProperty("token").GetString()!));
        Assert.DoesNotContain("antiforgery", await with.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_MalformedJson_IsInvalidRequestWithoutDetails()
    {
        var answer = await portal.Browse().SendAsync(
            HttpMethod.Post, "/api/auth/login", new StringContent("{\"email", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await AssertProblemAsync(answer, "invalid-request");
    }

    [Fact]
    public async Task Api_BrokenPersonBearer_IsRefused()
    {
        var answer = await portal.Browse().SendAsync(HttpMethod.Get, "/api/auth/csrf", null, ("Authorization", "Bearer nonsense"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/api/auth/csrf")]
    [InlineData("/nowhere")]
    public async Task EveryAnswer_CarriesTheSecurityHeaders(string path)
    {
        var answer = await portal.Browse().GetAsync(path);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Page_NotSignedIn_LeadsToSignInAndBack()
    {
        var answer = await portal.Browse().GetAsync("/account");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Contains("/sign-in?returnUrl=%2Faccount", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ThirtyMissesOfOneNetworkInAMinute_AreTooMany()
    {
        var browser = portal.Browse();
        HttpResponseMessage answer = null!;
        for (var n = 0; n < 31; n++)
        {
            answer = await browser.SendAsync(HttpMethod.Post, "/api/auth/login", JsonContent.Create(new { email = $"nobody{n}@example.org", password = "wrong" }));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        await AssertProblemAsync(answer, "locked-out");
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, string name)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(None);
        Assert.Equal($"urn:adminportal:problem:{name}", problem.GetProperty("type").GetString());
        Assert.False(problem.GetProperty("success").GetBoolean());
    }
}
