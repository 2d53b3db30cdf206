using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Accounts;

/// <summary>Passkeys over HTTP: made, shown, removed, and all that is refused. In Chromium: <c>PasskeyJourneyTests</c>.</summary>
public sealed partial class PasskeyPagesTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Refused = "could not take this passkey";
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly SoftAuthenticator phone = new();
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None, settings: new() { ["SignIn:SecondFactorRoles"] = "Admin" });

    public ValueTask DisposeAsync()
    {
        phone.Dispose();
        return portal.DisposeAsync();
    }

    [Fact]
    public async Task Passkey_Made_SignsInAndIsRemoved()
    {
        var owner = await OwnerAsync(AccountRole.Support);
        Assert.Contains("never", await AccountAsync(owner), StringComparison.Ordinal);

        var browser = portal.Browse();
        var answer = await ShowAsync(browser, phone, "/sign-in?returnUrl=%2Fdevices");
        Assert.EndsWith("/devices", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/devices")).StatusCode);
        var page = await AccountAsync(browser);
        Assert.DoesNotContain("never", page, StringComparison.Ordinal);

        Assert.Contains("The passkey is removed.", await TextAsync(browser.SubmitAsync("/account", new() { ["_handler"] = "remove-passkey", ["Passkey"] = PasskeyId().Match(page).Groups["id"].Value })), StringComparison.Ordinal);
        Assert.Contains(Refused, await TextAsync(ShowAsync(portal.Browse(), phone)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkey_OfAPageElsewhere_IsRefused()
    {
        await OwnerAsync(AccountRole.Support);
        using var elsewhere = phone.At("https://evil.example.org");
        Assert.Contains(Refused, await TextAsync(ShowAsync(portal.Browse(), elsewhere)), StringComparison.Ordinal);

        using var other = new SoftAuthenticator { Origin = "https://evil.example.org" };
        Assert.Contains(Refused, await MakeAsync(await SignedInAsync(AccountRole.User), other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkey_WithoutAFingerOrAPin_IsRefused()
    {
        using var lax = new SoftAuthenticator { Verifies = false };
        Assert.Contains(Refused, await MakeAsync(await SignedInAsync(AccountRole.User), lax), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ToAnOlderChallengeOrASecondTime_IsRefused()
    {
        await OwnerAsync(AccountRole.Support);
        var browser = portal.Browse();
        var old = phone.Show(await OptionsAsync(browser, "/sign-in/passkey/options"));
        await OptionsAsync(browser, "/sign-in/passkey/options");
        Assert.Contains(Refused, await TextAsync(SendAsync(browser, old)), StringComparison.Ordinal);

        var good = phone.Show(await OptionsAsync(browser, "/sign-in/passkey/options"));
        Assert.Equal(HttpStatusCode.Found, (await SendAsync(browser, good)).StatusCode);
        Assert.Contains(Refused, await TextAsync(SendAsync(portal.Browse(), good)), StringComparison.Ordinal);
        var again = portal.Browse();
        await OptionsAsync(again, "/sign-in/passkey/options");
        Assert.Contains(Refused, await TextAsync(SendAsync(again, good)), StringComparison.Ordinal);
        Assert.Contains(Refused, await TextAsync(SendAsync(again, "{not json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkey_OfADisabledAccount_OpensNothing()
    {
        await OwnerAsync(AccountRole.Support);
        await portal.Services.GetRequiredService<AccountService>().DisableAsync(portal.Ids[AccountRole.Support], Actor.CommandLine, None);
        var browser = portal.Browse();

        Assert.Contains("This account is disabled.", await TextAsync(ShowAsync(browser, phone)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/devices")).StatusCode);
    }

    /// <summary>A role that needs a second factor: the passkey is one, and is asked for after a password.</summary>
    [Fact]
    public async Task Passkey_CountsAsTheSecondFactor()
    {
        await MakeWhileNoneIsNeededAsync(AccountRole.Admin);
        var browser = portal.Browse();
        Assert.EndsWith("/sign-in/code", (await browser.SignInAsync(AccountRole.Admin)).Headers.Location!.ToString(), StringComparison.Ordinal);
        var page = await TextAsync(browser.GetAsync("/sign-in/code"));
        Assert.Contains("yours is a passkey", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Set it up", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/accounts")).StatusCode);
        await ShowAsync(browser, phone, "/sign-in/code");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/accounts")).StatusCode);

        var second = portal.Browse();
        await ShowAsync(second, phone);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/accounts")).StatusCode);
    }

    [Fact]
    public async Task StaleSession_IsConfirmedByItsOwnPasskeyOnly()
    {
        var owner = await OwnerAsync(AccountRole.Support);
        var other = await SignedInAsync(AccountRole.User);
        using var others = new SoftAuthenticator();
        await MakeAsync(other, others);
        await portal.OnPortalDatabaseAsync("""UPDATE portal.account_sessions SET "startedAt" = now() - interval '6 minutes'""");
        var id = PasskeyId().Match(await AccountAsync(owner)).Groups["id"].Value;

        Assert.Contains("/account/confirm", (await owner.SubmitAsync("/account", new() { ["_handler"] = "remove-passkey", ["Passkey"] = id })).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("/account/confirm", (await owner.GetAsync("/account/passkeys/options")).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains(Refused, await TextAsync(ShowAsync(owner, others, "/account/confirm")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await owner.GetAsync("/devices.csv")).StatusCode);
        Assert.Contains("It is you.", await TextAsync(ShowAsync(owner, phone, "/account/confirm")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("/devices.csv")).StatusCode);
    }

    [Fact]
    public async Task RemovedSecondFactor_TakesPasskeysToo()
    {
        await OwnerAsync(AccountRole.Support);

        await portal.Services.GetRequiredService<SecondFactors>().RemoveAsync(portal.Ids[AccountRole.Support], Actor.CommandLine, None);

        Assert.Contains(Refused, await TextAsync(ShowAsync(portal.Browse(), phone)), StringComparison.Ordinal);
    }

    /// <summary>A person of this role with <see cref="phone"/> as their passkey, signed in.</summary>
    private async Task<TestBrowser> OwnerAsync(AccountRole role)
    {
        var browser = await SignedInAsync(role);
        Assert.Contains("signs you in from now on", await MakeAsync(browser, phone), StringComparison.Ordinal);
        return browser;
    }

    /// <summary>An admin is led to set a factor up before anything else; a passkey is added while none is needed.</summary>
    private async Task MakeWhileNoneIsNeededAsync(AccountRole role)
    {
        await portal.AddAccountAsync(AccountRole.Admin, personId: null); // the last admin stays one
        await portal.Services.GetRequiredService<AccountService>().ChangeRoleAsync(portal.Ids[role], AccountRole.User, Actor.CommandLine, None);
        Assert.Contains("signs you in from now on", await MakeAsync(await SignedInAsync(role), phone), StringComparison.Ordinal);
        await portal.Services.GetRequiredService<AccountService>().ChangeRoleAsync(portal.Ids[role], role, Actor.CommandLine, None);
    }

    private async Task<TestBrowser> SignedInAsync(AccountRole role)
    {
        var browser = portal.Browse();
        await browser.SignInAsync(role);
        return browser;
    }

    private static async Task<string> MakeAsync(TestBrowser browser, SoftAuthenticator device)
    {
        var credential = device.Make(await OptionsAsync(browser, "/account/passkeys/options"));
        return await TextAsync(browser.SubmitAsync("/account", new() { ["_handler"] = "add-passkey", ["Credential"] = credential, ["PasskeyName"] = "Anna's phone" }));
    }

    private static async Task<HttpResponseMessage> ShowAsync(TestBrowser browser, SoftAuthenticator device, string path = "/sign-in") =>
        await SendAsync(browser, device.Show(await OptionsAsync(browser, "/sign-in/passkey/options")), path);

    private static Task<HttpResponseMessage> SendAsync(TestBrowser browser, string credential, string path = "/sign-in") =>
        browser.SubmitAsync(path, new() { ["_handler"] = "passkey", ["Credential"] = credential });

    private static async Task<JsonElement> OptionsAsync(TestBrowser browser, string path) =>
        JsonSerializer.Deserialize<JsonElement>(await (await browser.GetAsync(path)).Content.ReadAsStringAsync(None));

    private static Task<string> AccountAsync(TestBrowser browser) => TextAsync(browser.GetAsync("/account"));

    private static async Task<string> TextAsync(Task<HttpResponseMessage> answer) => await (await answer).Content.ReadAsStringAsync(None);

    [GeneratedRegex("name=\"Passkey\" value=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PasskeyId();
}
