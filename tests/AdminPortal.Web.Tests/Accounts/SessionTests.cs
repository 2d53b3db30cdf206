using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Accounts;

/// <summary>A sign-in is a row: what ends the row ends the cookie or the tokens, wherever copies of them are.</summary>
public sealed class SessionTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task SignOut_WithACopyOfTheCookie_EndsTheCopy()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);
        var thief = portal.Browse().WithCookiesOf(browser);
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/account")).StatusCode);

        await browser.SubmitAsync("/account", [], "/sign-out");

        Assert.Equal(HttpStatusCode.Found, (await thief.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task SignOut_InOneBrowser_LeavesTheOthersSignedIn()
    {
        var (here, there) = (portal.Browse(), portal.Browse());
        await here.SignInAsync(AccountRole.User);
        await there.SignInAsync(AccountRole.User);

        await here.SubmitAsync("/account", [], "/sign-out");

        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task ChangePassword_WithACopyOfTheCookie_EndsTheCopy()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);
        var thief = portal.Browse().WithCookiesOf(browser);

        await browser.SubmitAsync("/account", new()
        {
            ["Input.Current"] = RunningPortal.Password,
            ["Input.Password"] = "four unrelated words",
            ["Input.Again"] = "four unrelated words",
            ["_handler"] = "change-password",
        });

        Assert.Equal(HttpStatusCode.Found, (await thief.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Refresh_TokenThatWasUsed_EndsItsFamily()
    {
        var (program, first) = await portal.SignInProgramAsync(AccountRole.Support, None);
        var second = await RefreshAsync(program, first);
        Assert.NotNull(second);
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", second.Value.Access);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/auth/csrf", None)).StatusCode);

        Assert.Null(await RefreshAsync(program, first));

        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/auth/csrf", None)).StatusCode);
        Assert.Null(await RefreshAsync(program, second.Value.Refresh));
    }

    [Fact]
    public async Task Refresh_OneAfterTheOther_GoesOn()
    {
        var (program, token) = await portal.SignInProgramAsync(AccountRole.Support, None);

        for (var times = 0; times < 3; times++)
        {
            token = (await RefreshAsync(program, token))!.Value.Refresh;
        }

        Assert.NotEmpty(token);
    }

    [Fact]
    public async Task Logout_OfAProgram_EndsItsTokens()
    {
        var (program, refresh) = await portal.SignInProgramAsync(AccountRole.User, None);

        Assert.Equal(HttpStatusCode.OK, (await program.PostAsync("/api/auth/logout", null, None)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/auth/csrf", None)).StatusCode);
        Assert.Null(await RefreshAsync(program, refresh));
    }

    [Theory]
    [InlineData("startedAt", "25 hours")]
    [InlineData("lastSeenAt", "9 hours")]
    public async Task Cookie_OfASessionThatRanOut_LeadsToTheSignIn(string column, string ago)
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);

        await using var command = portal.Services.GetRequiredService<PortalDatabase>().DataSource.CreateCommand(
            $"""UPDATE portal.account_sessions SET "{column}" = now() - interval '{ago}'""");
        await command.ExecuteNonQueryAsync(None);

        var answer = await browser.GetAsync("/account");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Contains("/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccountPage_RevokeOne_SignsThatBrowserOut()
    {
        var (here, there) = (portal.Browse(), portal.Browse());
        await there.SignInAsync(AccountRole.User);
        await here.SignInAsync(AccountRole.User);
        var page = await (await here.GetAsync("/account")).Content.ReadAsStringAsync(None);
        var other = page.Split("name=\"Session\" value=\"")[1].Split('"')[0];

        var answer = await here.SubmitAsync("/account", new() { ["Session"] = other, ["_handler"] = "sessions" });

        Assert.Contains("It is signed out.", await answer.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await there.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task AccountPage_RevokeOthers_KeepsThisBrowser()
    {
        var here = portal.Browse();
        var others = new[] { portal.Browse(), portal.Browse() };
        foreach (var browser in others.Append(here))
        {
            await browser.SignInAsync(AccountRole.User);
        }

        await here.SubmitAsync("/account", new() { ["Session"] = "others", ["_handler"] = "sessions" });

        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
        Assert.All(await Task.WhenAll(others.Select(o => o.GetAsync("/account"))), answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
    }

    private static async Task<(string Access, string Refresh)?> RefreshAsync(HttpClient program, string token)
    {
        var answer = await program.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = token }, None);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return null;
        }

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(None);
        return (body.GetProperty("accessToken").GetString()!, body.GetProperty("refreshToken").GetString()!);
    }
}
