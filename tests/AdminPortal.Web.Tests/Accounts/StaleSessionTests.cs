using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.Accounts;

/// <summary>Links to files that hold everyone's data, followed in a session that started long ago: the portal asks, and then hands the file out.</summary>
public sealed class StaleSessionTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Theory]
    [InlineData("/devices.csv?state=active")]
    [InlineData("/users.csv")]
    [InlineData("/sync.csv")]
    [InlineData("/activity.csv")]
    [InlineData("/backups/none/file")]
    public async Task File_InAStaleSession_LeadsToThePageThatAsks(string path)
    {
        var browser = await StaleAsync(AccountRole.Admin);

        var answer = await browser.GetAsync(path);

        Assert.Equal((HttpStatusCode.Found, $"/account/confirm?returnUrl={Uri.EscapeDataString(path)}"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task File_AfterThePassword_IsHandedOut()
    {
        var browser = await StaleAsync(AccountRole.Admin);
        const string Confirm = "/account/confirm?returnUrl=%2Fdevices.csv";

        Assert.Contains("That is not your password.", await SubmitAsync(browser, Confirm, "not the password"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/devices.csv")).StatusCode);
        Assert.Contains("Type your password.", await SubmitAsync(browser, Confirm, ""), StringComparison.Ordinal);
        var confirmed = await SubmitAsync(browser, Confirm, RunningPortal.Password);

        Assert.Contains("<meta http-equiv=\"refresh\" content=\"0;url=/devices.csv\"", confirmed, StringComparison.Ordinal);
        Assert.Equal("text/csv", (await browser.GetAsync("/devices.csv")).Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/backups/none/file")).StatusCode);
    }

    /// <summary>What shows its person's own lines only is nobody's secret in their own browser.</summary>
    [Fact]
    public async Task OwnActivity_InAStaleSession_IsHandedOut() =>
        Assert.Equal(HttpStatusCode.OK, (await (await StaleAsync(AccountRole.User)).GetAsync("/activity.csv")).StatusCode);

    [Fact]
    public async Task Confirm_ForAnAddressElsewhere_LeadsThereNever()
    {
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.Admin);

        var page = await (await browser.GetAsync("/account/confirm?returnUrl=%2F%2Fevil.example.org")).Content.ReadAsStringAsync(None);

        Assert.DoesNotContain("evil", page, StringComparison.Ordinal);
        Assert.Contains("It is you.", page, StringComparison.Ordinal);
    }

    /// <summary>Who knows only the password of a tab that was left open does not get around the second factor by a new one.</summary>
    [Fact]
    public async Task NewPassword_InAStaleSession_MakesItNoFresher()
    {
        var browser = await StaleAsync(AccountRole.Admin);
        const string Next = "marble-otter-lantern-58";

        var changed = await browser.SubmitAsync("/account", new() { ["_handler"] = "change-password", ["Input.Current"] = RunningPortal.Password, ["Input.Password"] = Next, ["Input.Again"] = Next });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode); // it goes on
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/users.csv")).StatusCode);
    }

    [Fact]
    public async Task File_OfAProgramThatSignedInLongAgo_IsRefused()
    {
        var (client, _) = await portal.SignInProgramAsync(AccountRole.Support, None);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/devices.csv", None)).StatusCode);
        await AgeAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/devices.csv", None)).StatusCode);
    }

    private async Task<TestBrowser> StaleAsync(AccountRole role)
    {
        var browser = portal.Browse();
        await browser.SignInAsync(role);
        await AgeAsync();
        return browser;
    }

    private Task AgeAsync() => portal.OnPortalDatabaseAsync("""UPDATE portal.account_sessions SET "startedAt" = now() - interval '6 minutes'""");

    private static async Task<string> SubmitAsync(TestBrowser browser, string path, string password) =>
        await (await browser.SubmitAsync(path, new() { ["Input.Password"] = password })).Content.ReadAsStringAsync(None);
}
