using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Accounts;

public sealed class SignInTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task SignIn_RightPassword_SetsAGuardedCookieAndReturns()
    {
        var browser = portal.Browse();

        var answer = await browser.SignInAsync(AccountRole.User, "/sign-in?returnUrl=%2Fmy-devices");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.EndsWith("/my-devices", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        var cookie = Assert.Single(browser.SetCookies, c => c.StartsWith("__Host-adminportal=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task SignIn_ForeignReturnAddress_StaysHere(string returnUrl)
    {
        var answer = await portal.Browse().SignInAsync(AccountRole.User, $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.DoesNotContain("evil", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysTheSameAsForNobody()
    {
        var answer = await portal.Browse().SignInAsync(AccountRole.User, password: "wrong");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("E-mail or password is wrong.", await answer.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disable_EndsTheCookieAndTheBearer()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);
        var (program, refresh) = await portal.SignInProgramAsync(AccountRole.User, None);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/auth/csrf", None)).StatusCode);

        await portal.Services.GetRequiredService<AccountService>().DisableAsync(portal.Ids[AccountRole.User], Actor.CommandLine, None);

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/auth/csrf", None)).StatusCode);
        var refreshed = await program.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = refresh }, None);
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
    }

    [Fact]
    public async Task Refresh_WithAGoodToken_AnswersANewOne()
    {
        var (program, refresh) = await portal.SignInProgramAsync(AccountRole.Support, None);

        var answer = await program.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = refresh }, None);

        Assert.Equal("Bearer", (await answer.Content.ReadFromJsonAsync<JsonElement>(None)).GetProperty("tokenType").GetString());
    }

    [Fact]
    public async Task Login_SixthTry_IsLockedOutWithRetryAfter()
    {
        var browser = portal.Browse();
        HttpResponseMessage answer = null!;
        for (var miss = 0; miss < 6; miss++)
        {
            answer = await browser.SendAsync(HttpMethod.Post, "/api/auth/login", JsonContent.Create(new { email = RunningPortal.EmailOf(AccountRole.User), password = "wrong" }));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.EndsWith(":locked-out", (await answer.Content.ReadFromJsonAsync<JsonElement>(None)).GetProperty("type").GetString()!, StringComparison.Ordinal);
    }

    /// <summary>A stranger's misses are none of this browser's business.</summary>
    [Fact]
    public async Task SignIn_WhereThePersonSignedInBefore_IsNotHeldUpByStrangers()
    {
        var known = portal.Browse();
        await known.SignInAsync(AccountRole.User);
        await known.SubmitAsync("/account", [], to: "/sign-out");
        for (var miss = 0; miss < 6; miss++)
        {
            await portal.Browse().SignInAsync(AccountRole.User, password: "wrong");
        }

        Assert.Contains("Too many wrong passwords", await (await portal.Browse().SignInAsync(AccountRole.User)).Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await known.SignInAsync(AccountRole.User)).StatusCode);
    }

    [Fact]
    public async Task SignIn_FortyRightOnesOfOneNetworkInAMinute_AreNotSlowed()
    {
        for (var n = 0; n < 40; n++)
        {
            Assert.Equal(HttpStatusCode.Found, (await portal.Browse().SignInAsync(AccountRole.User)).StatusCode);
        }
    }

    [Fact]
    public async Task ResetLink_UsedTwice_WorksOnce()
    {
        var made = (AccountOutcome.Done)await portal.Services.GetRequiredService<AccountService>()
            .CreateResetLinkAsync(portal.Ids[AccountRole.User], Actor.CommandLine, None);
        var link = new Uri(made.Link!.Url).PathAndQuery;
        Dictionary<string, string> Fields() => new() { ["Input.Password"] = "four unrelated words", ["Input.Again"] = "four unrelated words" };

        Assert.Equal(HttpStatusCode.Found, (await portal.Browse().SubmitAsync(link, Fields())).StatusCode);
        var again = await portal.Browse().SubmitAsync(link, Fields());
        Assert.Contains("has been used or is too old", await again.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await portal.Browse().SignInAsync(AccountRole.User, password: "four unrelated words")).StatusCode);
    }

    [Fact]
    public async Task ChangePassword_KeepsThisBrowserAndEndsTheOthers()
    {
        var (here, there) = (portal.Browse(), portal.Browse());
        await here.SignInAsync(AccountRole.User);
        await there.SignInAsync(AccountRole.User);

        var answer = await here.SubmitAsync("/account", new()
        {
            ["Input.Current"] = RunningPortal.Password,
            ["Input.Password"] = "four unrelated words",
            ["Input.Again"] = "four unrelated words",
            ["_handler"] = "change-password",
        });

        Assert.Contains("Your new password is in place.", await answer.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await there.GetAsync("/account")).StatusCode);
    }

    /// <summary>Whoever had the old password may have paired a device of their own.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ChangePassword_WithDevicesPairedSince_ShowsThemAndRevokesThemByOneTick(bool ticked)
    {
        var person = await portal.AddPersonAsync();
        var email = await portal.AddAccountAsync(AccountRole.User, person);
        await portal.AddDeviceAsync(person, "stranger");
        var browser = portal.Browse();
        await browser.SubmitAsync("/sign-in", new() { ["Input.Email"] = email, ["Input.Password"] = RunningPortal.Password });
        Assert.Contains("Phone stranger", await (await browser.GetAsync("/account")).Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Dictionary<string, string> fields = new()
        {
            ["Input.Current"] = RunningPortal.Password,
            ["Input.Password"] = "four unrelated words",
            ["Input.Again"] = "four unrelated words",
            ["_handler"] = "change-password",
        };
        if (ticked)
        {
            fields["Input.RevokeDevices"] = "true";
        }

        var answer = await (await browser.SubmitAsync("/account", fields)).Content.ReadAsStringAsync(None);

        Assert.Contains(ticked ? "1 device was revoked." : "Your new password is in place.<", answer, StringComparison.Ordinal);
        var actor = new Actor("test", null, AccountRole.Admin, null, null);
        var device = Assert.Single(await portal.Services.GetRequiredService<DeviceList>().OfUserAsync(actor, person, None));
        Assert.Equal(ticked ? DeviceStatus.Revoked : DeviceStatus.Active, device.Status);
        Assert.DoesNotContain("Phone stranger", await (await browser.GetAsync("/account")).Content.ReadAsStringAsync(None), StringComparison.Ordinal); // paired before this password
    }

    [Fact]
    public async Task ForgotPassword_WithoutMail_LeadsToAnAdmin() => Assert.Contains(
        "Ask an admin for a link", await (await portal.Browse().GetAsync("/forgot-password")).Content.ReadAsStringAsync(None), StringComparison.Ordinal);

    [Theory]
    [InlineData(AccountRole.Admin, HttpStatusCode.OK)]
    [InlineData(AccountRole.Support, HttpStatusCode.Found)]
    [InlineData(AccountRole.User, HttpStatusCode.Found)]
    public async Task Accounts_ByRole_IsForAdmins(AccountRole role, HttpStatusCode expected)
    {
        var browser = portal.Browse();
        await browser.SignInAsync(role);

        Assert.Equal(expected, (await browser.GetAsync("/accounts")).StatusCode);
    }
}
