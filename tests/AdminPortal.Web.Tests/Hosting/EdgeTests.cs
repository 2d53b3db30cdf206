using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>What a request may say of itself, and what the portal makes of it.</summary>
public sealed class EdgeTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() =>
        portal = await RunningPortal.StartAsync(cluster, None, settings: new() { ["Sessions:OpenPages"] = "2" });

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Theory]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://portal.example.org", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Circuit_ByOrigin_IsForPagesOfThePortal(string? origin, HttpStatusCode expected)
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.Admin);
        (string, string)[] headers = origin is null ? [] : [("Origin", origin)];

        Assert.Equal(expected, (await browser.SendAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", null, headers)).StatusCode);
    }

    [Fact]
    public async Task Circuit_OneTooManyOfAnAccount_IsRefusedUntilOneCloses()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.Admin);
        var first = await portal.OpenPageAsync(browser, None);
        using var second = await portal.OpenPageAsync(browser, None);

        await Assert.ThrowsAnyAsync<Exception>(() => portal.OpenPageAsync(browser, None));

        first.Dispose();
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var third = await portal.OpenPageAsync(browser, None);
                break;
            }
            catch (Exception refused) when (refused is not OperationCanceledException && tries < 50)
            {
                await Task.Delay(100, None); // the server hears of the end a little later
            }
        }
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/openapi/v1.json")]
    public async Task Answer_ToAForeignHost_DoesNotRepeatIt(string path)
    {
        var answer = await portal.Browse().SendAsync(HttpMethod.Get, path, null, ("Host", "evil.example"));

        Assert.DoesNotContain("evil", answer.Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("evil", await answer.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_BehindHttps_AreBoundToTheHost()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);

        Assert.All(browser.SetCookies, cookie =>
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            Assert.Contains("path=/;", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    [InlineData("Bearer")]
    public async Task Bearer_InAnyCase_IsOne(string word)
    {
        var (program, _) = await portal.SignInProgramAsync(AccountRole.User, None);
        var token = program.DefaultRequestHeaders.Authorization!.Parameter;

        var answer = await portal.Browse().SendAsync(HttpMethod.Get, "/api/auth/csrf", null, ("Authorization", $"{word} {token}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Head_OfAPage_IsAnsweredAsGetWithoutABody()
    {
        var answer = await portal.Browse().SendAsync(HttpMethod.Head, "/sign-in");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(None));
    }
}
