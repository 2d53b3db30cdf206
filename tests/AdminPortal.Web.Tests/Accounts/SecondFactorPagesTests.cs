using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Accounts;

/// <summary>The ways through the sign-in when a password is not enough. Recovery codes stand in for an app.</summary>
public sealed partial class SecondFactorPagesTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None, settings: new() { ["SignIn:SecondFactorRoles"] = "Admin" });

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task SignIn_RoleThatNeedsAFactor_IsInOnlyAfterItIsSetUp()
    {
        var browser = portal.Browse();

        var answer = await browser.SignInAsync(AccountRole.Admin, "/sign-in?returnUrl=%2Faccounts");

        Assert.EndsWith("/sign-in/code", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/accounts")).StatusCode);
        var page = await (await browser.GetAsync("/sign-in/code")).Content.ReadAsStringAsync(None);
        Assert.Contains("Your role needs a second factor.", page, StringComparison.Ordinal);
        Assert.Contains("not the code", await SubmitAsync(browser, "000000"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/accounts")).StatusCode);

        var shown = await SubmitAsync(browser, Totp.Code(Key().Match(page).Groups["key"].Value));

        Assert.Equal(10, RecoveryCode().Count(shown));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/accounts")).StatusCode);
    }

    [Fact]
    public async Task SignIn_WithAFactor_TakesACodeBeforeTheSessionStarts()
    {
        var codes = await SetUpAsync(AccountRole.Support);
        var browser = portal.Browse();

        await browser.SignInAsync(AccountRole.Support, "/sign-in?returnUrl=%2Fdevices");
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/devices")).StatusCode);
        var answer = await browser.SubmitAsync("/sign-in/code", new() { ["Input.Code"] = codes[0] });

        Assert.EndsWith("/devices", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/devices")).StatusCode);
    }

    [Fact]
    public async Task Code_WithoutThePassword_LeadsToSignIn() =>
        Assert.EndsWith("/sign-in", (await portal.Browse().GetAsync("/sign-in/code")).Headers.Location!.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(AccountRole.Support, null, 401, "second-factor-required")]
    [InlineData(AccountRole.Support, "000000", 401, "second-factor-wrong")]
    [InlineData(AccountRole.Support, "recovery", 200, null)]
    [InlineData(AccountRole.Admin, null, 403, "second-factor-not-set-up")]
    [InlineData(AccountRole.User, null, 200, null)]
    public async Task Login_ByProgram_NeedsTheSame(AccountRole role, string? code, int status, string? problem)
    {
        var codes = await SetUpAsync(AccountRole.Support);

        var answer = await portal.Browse().SendAsync(HttpMethod.Post, "/api/auth/login", JsonContent.Create(
            new { email = RunningPortal.EmailOf(role), password = RunningPortal.Password, code = code == "recovery" ? codes[0] : code }));

        Assert.Equal(status, (int)answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(None);
        Assert.Equal(problem is null ? null : $"urn:adminportal:problem:{problem}", body.TryGetProperty("type", out var type) ? type.GetString() : null);
    }

    [Fact]
    public async Task Account_TurnsItOnWithThePassword_AndKeepsThisBrowser()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);
        var page = await (await browser.GetAsync("/account/second-factor")).Content.ReadAsStringAsync(None);
        var code = Totp.Code(Key().Match(page).Groups["key"].Value);

        async Task<string> PostAsync(string password) => await (await browser.SubmitAsync(
            "/account/second-factor", new() { ["Input.Password"] = password, ["Input.Code"] = code, ["_handler"] = "set-up" })).Content.ReadAsStringAsync(None);

        Assert.Contains("not your password", await PostAsync("wrong"), StringComparison.Ordinal);
        Assert.Equal(10, RecoveryCode().Count(await PostAsync(RunningPortal.Password)));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    private async Task<IReadOnlyList<string>> SetUpAsync(AccountRole role)
    {
        var factors = portal.Services.GetRequiredService<SecondFactors>();
        var key = (await factors.BeginAsync(portal.Ids[role]))!.Key;
        return ((SecondFactorOutcome.Done)await factors.EnableAsync(Actor.CommandLine, portal.Ids[role], Totp.Code(key), None)).RecoveryCodes;
    }

    private static async Task<string> SubmitAsync(TestBrowser browser, string code) =>
        await (await browser.SubmitAsync("/sign-in/code", new() { ["Input.Code"] = code })).Content.ReadAsStringAsync(None);

    [GeneratedRegex("data-testid=\"factor-key\">(?<key>[A-Z2-7 ]+)<", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();

    [GeneratedRegex("<li>[A-Z0-9]{5}-[A-Z0-9]{5}</li>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RecoveryCode();
}
