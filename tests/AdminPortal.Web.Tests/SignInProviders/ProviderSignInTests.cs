using System.Net;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.SignInProviders;

/// <summary>Signing in with an organisation's own sign-in, against a real provider; and whatever can go wrong with it.</summary>
public sealed class ProviderSignInTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string PortalUrl = "https://portal.example.org";
    private const string Begin = "/sign-in/with/clinic?returnUrl=%2Faccount";
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private TestProvider provider = null!;
    private RunningPortal portal = null!;
    private TestBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        provider = await TestProvider.StartAsync(None);
        await provider.RegisterAsync(PortalUrl, None);
        await StartPortalAsync(("CreateAccounts", "true"), ("Roles:portal-admins", "Admin"), ("Roles:desk", "Support"), ("Roles:*", "User"));
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task SignIn_ForTheFirstTime_MakesAnAccountWithTheMappedRole()
    {
        provider.Roles = ["desk", "something else"];

        Assert.Equal("/account", await SignInAsync());

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/devices")).StatusCode);
        var account = await AccountAsync("anna@example.org");
        Assert.Equal((AccountRole.Support, (string?)null), (account.Role, account.PasswordHash));
        Assert.Contains("account.connected", await ActionsAsync());
    }

    [Fact]
    public async Task SignIn_WithTheAddressOfAnAccount_ConnectsItAndGoesBySubjectFromThenOn()
    {
        provider.Email = RunningPortal.EmailOf(AccountRole.Support);
        provider.Roles = ["desk"];
        Assert.Equal("/account", await SignInAsync());

        (provider.Email, provider.EmailVerified) = ("somebody-else@example.org", false);
        Assert.Equal("/account", await SignInAsync());

        Assert.Contains(RunningPortal.EmailOf(AccountRole.Support), await PageAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AfterTheRoleChangedThere_HasTheNewRoleAndEndsOlderSessions()
    {
        provider.Roles = ["desk"];
        await SignInAsync();
        var before = browser;
        provider.Roles = [];

        Assert.Equal("/account", await SignInAsync());

        Assert.EndsWith("/not-allowed?returnUrl=%2Fdevices", (await browser.GetAsync("/devices")).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("/sign-in", (await before.GetAsync("/account")).Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email-not-verified")]
    [InlineData("no-email")]
    [InlineData("disabled")]
    [InlineData("other-person")]
    [InlineData("cancelled")]
    [InlineData("wrong-nonce")]
    [InlineData("clock-ahead")]
    [InlineData("clock-behind")]
    public async Task SignIn_ThatIsNotLetIn_LeadsToTheSignInPageWithTheReason(string fault)
    {
        var why = fault switch { "no-email" => "email-not-verified", "wrong-nonce" => "not-asked", "clock-ahead" or "clock-behind" => "clock", _ => fault };
        await SpoilAsync(fault);

        var address = await SignInAsync();

        Assert.StartsWith($"/sign-in?refused={why}&with=clinic", address, StringComparison.Ordinal);
        var page = await PageAsync(address);
        Assert.Matches("class=\"problem-line\" role=\"alert\">[A-Z]", page);
        Assert.Contains("returnUrl=%2Faccount", page, StringComparison.Ordinal);
        Assert.Contains("/sign-in", (await browser.GetAsync("/account")).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains((await ActionsAsync())[^1], new[] { "sign-in.failed", "request.refused" });
    }

    [Fact]
    public async Task SignIn_WithoutAMappedRole_IsRefused()
    {
        await RestartPortalAsync(("Roles:portal-admins", "Admin"), ("CreateAccounts", "true"));
        provider.Roles = ["kitchen"];

        Assert.StartsWith("/sign-in?refused=no-role", await SignInAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_OfAStranger_WhereAccountsAreNotMade_IsRefusedAndTheRecordHasTheSubject()
    {
        await RestartPortalAsync();

        Assert.StartsWith("/sign-in?refused=not-connected", await SignInAsync(), StringComparison.Ordinal);

        await using var db = Portal();
        Assert.Contains("subject person-1", (await db.AuditEvents.OrderBy(e => e.At).LastAsync(None)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WhileTheProviderIsDown_SaysSo()
    {
        await provider.StopAsync(None);

        Assert.StartsWith("/sign-in?refused=away", await SignInAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatIsSentAgain_OrOfAnotherBrowser_OrChanged_IsRefused()
    {
        browser = portal.Browse();
        var answer = await AnswerAsync();
        Assert.StartsWith("/sign-in?refused=not-asked", await FollowAsync(portal.Browse(), answer), StringComparison.Ordinal);
        Assert.StartsWith("/sign-in?refused=not-asked", await FollowAsync(browser, answer.Replace("state=", "state=x", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("/account", await FollowAsync(browser, answer));
        Assert.StartsWith("/sign-in?refused=not-asked", await FollowAsync(browser, answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AfterTheProviderChangedItsKey_Works()
    {
        Assert.Equal("/account", await SignInAsync());

        provider.RotateKey();

        Assert.Equal("/account", await SignInAsync());
    }

    [Theory]
    [InlineData("pwd", "/sign-in/code")]
    [InlineData("mfa", "/account")]
    public async Task SignIn_OfARoleThatNeedsASecondFactor_IsAskedForOneUnlessTheProviderDid(string method, string to)
    {
        await RestartPortalAsync([("CreateAccounts", "true"), ("Roles:*", "Admin"), ("SecondFactorBy", "mfa,hwk")], new() { ["SignIn:SecondFactorRoles"] = "Admin" });
        provider.Methods = [method];

        Assert.Equal(to, await SignInAsync());

        Assert.Contains(to == "/account" ? "Your account" : "Your role needs a second factor", await PageAsync(to), StringComparison.Ordinal);
    }

    /// <summary>A passkey is a second factor, and no way around it.</summary>
    [Fact]
    public async Task SignIn_OfSomebodyWithAPasskey_IsAskedForIt()
    {
        await RestartPortalAsync([("CreateAccounts", "true"), ("Roles:*", "Admin"), ("SecondFactorBy", "mfa,hwk")], new() { ["SignIn:SecondFactorRoles"] = "Admin" });
        provider.Methods = ["mfa"];
        Assert.Equal("/account", await SignInAsync());
        await using (var scope = portal.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            var account = await users.Users.SingleAsync(a => a.Email == provider.Email, None);
            Assert.True((await users.AddOrUpdatePasskeyAsync(account, new UserPasskeyInfo([1, 2, 3], [4], TimeProvider.System.GetUtcNow(), 0, [], true, false, false, [5], [6]))).Succeeded);
        }

        provider.Methods = ["pwd"];
        browser = portal.Browse();

        Assert.Equal("/sign-in/code", await SignInAsync());
    }

    [Fact]
    public async Task SignOut_LeadsToTheProvider()
    {
        await SignInAsync();

        var answer = await browser.SubmitAsync("/account", [], to: "/sign-out");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var there = answer.Headers.GetValues("Refresh").Single();
        Assert.StartsWith($"0;url={provider.Address}sign-out?", there, StringComparison.Ordinal);
        Assert.Contains("id_token_hint=", there, StringComparison.Ordinal);
        Assert.Contains("/sign-in", (await browser.GetAsync("/account")).Headers.Location!.ToString(), StringComparison.Ordinal);
        var back = await FollowAsync(browser, (await ProviderAnswerAsync(there[6..])));
        Assert.Equal("/sign-in?notice=signed-out", back);
    }

    [Theory]
    [InlineData("sub", true)]
    [InlineData("sid", true)]
    [InlineData("other sub", false)]
    [InlineData("other sid", false)]
    public async Task BackChannel_EndsTheSessionsThatAreMeant(string by, bool ends)
    {
        await SignInAsync();
        var token = provider.LogoutToken(claims =>
        {
            claims["sub"] = by == "other sub" ? "person-2" : "person-1";
            if (by.EndsWith("sid", StringComparison.Ordinal))
            {
                claims["sid"] = by == "sid" ? "session-1" : "session-2";
            }
        });

        Assert.Equal(HttpStatusCode.OK, await BackChannelAsync(token));

        Assert.Equal(ends ? HttpStatusCode.Found : HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [InlineData("no token")]
    [InlineData("not a token")]
    [InlineData("other key")]
    [InlineData("no event")]
    [InlineData("nonce")]
    [InlineData("nobody")]
    public async Task BackChannel_WithoutARightToken_EndsNothing(string fault)
    {
        await SignInAsync();
        var token = fault switch
        {
            "no token" => "",
            "not a token" => "a.b.c",
            "other key" => provider.LogoutToken(key: TestProvider.NewKey()),
            "no event" => provider.LogoutToken(claims => claims.Remove("events")),
            "nonce" => provider.LogoutToken(claims => claims["nonce"] = "n"),
            _ => provider.LogoutToken(claims => claims.Remove("sub")),
        };

        Assert.Equal(HttpStatusCode.BadRequest, await BackChannelAsync(token));

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Passwords_ThatAreOff_AreTakenOfNamedAccountsOnly()
    {
        await RestartPortalAsync([], new() { ["SignIn:Passwords"] = "false", ["SignIn:BreakGlass"] = "Admin@example.org" });
        browser = portal.Browse();
        Assert.DoesNotContain("forgot-password", await PageAsync("/sign-in"), StringComparison.Ordinal);

        Assert.Contains("E-mail or password is wrong", await (await browser.SignInAsync(AccountRole.User)).Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.SignInAsync(AccountRole.Admin)).StatusCode);

        Assert.IsType<AccountOutcome.PasswordsOff>(
            await portal.Services.GetRequiredService<AccountService>().CreateResetLinkAsync(portal.Ids[AccountRole.User], Actor.CommandLine, None));
    }

    private async Task SpoilAsync(string fault)
    {
        switch (fault)
        {
            case "email-not-verified":
                provider.EmailVerified = false;
                break;
            case "no-email":
                provider.Email = null;
                break;
            case "disabled":
                provider.Email = RunningPortal.EmailOf(AccountRole.User);
                await portal.Services.GetRequiredService<AccountService>().DisableAsync(portal.Ids[AccountRole.User], Actor.CommandLine, None);
                break;
            case "other-person":
                await SignInAsync();
                provider.Subject = "person-2";
                break;
            case "cancelled":
                provider.Denies = true;
                break;
            case "wrong-nonce":
                provider.WrongNonce = "another";
                break;
            default:
                provider.Clock = fault == "clock-ahead" ? TimeSpan.FromHours(2) : TimeSpan.FromHours(-2);
                break;
        }
    }

    private Task StartPortalAsync(params (string, string)[] settings) => StartPortalAsync(settings, []);

    private async Task StartPortalAsync((string, string)[] settings, Dictionary<string, string?> others) =>
        portal = await RunningPortal.StartAsync(cluster, None, settings: provider.Settings(settings).Concat(others).ToDictionary());

    private Task RestartPortalAsync(params (string, string)[] settings) => RestartPortalAsync(settings, []);

    private async Task RestartPortalAsync((string, string)[] settings, Dictionary<string, string?> others)
    {
        await portal.DisposeAsync();
        await StartPortalAsync(settings, others);
    }

    /// <summary>Signs in with a new browser; the address to which the portal leads at the end.</summary>
    private async Task<string> SignInAsync()
    {
        browser = portal.Browse();
        var begun = (await browser.GetAsync(Begin)).Headers.Location!;
        return begun.IsAbsoluteUri ? await FollowAsync(browser, await ProviderAnswerAsync(begun.ToString())) : begun.ToString();
    }

    private async Task<string> AnswerAsync() => await ProviderAnswerAsync((await browser.GetAsync(Begin)).Headers.Location!.ToString());

    /// <summary>Where the provider sends the browser.</summary>
    private static async Task<string> ProviderAnswerAsync(string address)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var answer = await client.GetAsync(address, None);
        return answer.Headers.Location?.ToString() ?? throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(None)}");
    }

    private static async Task<string> FollowAsync(TestBrowser browser, string address) =>
        (await browser.GetAsync(new Uri(address).PathAndQuery)).Headers.Location!.ToString();

    private async Task<string> PageAsync(string address) => await (await browser.GetAsync(address)).Content.ReadAsStringAsync(None);

    private async Task<HttpStatusCode> BackChannelAsync(string token)
    {
        using var form = new FormUrlEncodedContent([new("logout_token", token)]);
        return (await portal.Browse().SendAsync(HttpMethod.Post, "/sign-in/with/clinic/back-channel-sign-out", form)).StatusCode;
    }

    private PortalDbContext Portal() => portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    private async Task<Account> AccountAsync(string email)
    {
        await using var db = Portal();
        return await db.Accounts.SingleAsync(a => a.Email == email, None);
    }

    private async Task<List<string>> ActionsAsync()
    {
        await using var db = Portal();
        return await db.AuditEvents.OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => e.Action).ToListAsync(None);
    }
}
