using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>What people see when a page cannot be made.</summary>
public sealed class ErrorPageTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None, withFailingPage: true);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Page_PortalDatabaseGone_IsAFriendlyPageForStrangersAndForPeopleSignedIn()
    {
        var (signedIn, stranger) = (portal.Browse(), portal.Browse());
        await signedIn.SignInAsync(AccountRole.User);
        var form = await stranger.OpenFormAsync("/sign-in");
        form["Input.Email"] = RunningPortal.EmailOf(AccountRole.User);
        form["Input.Password"] = RunningPortal.Password;
        await portal.DropPortalDatabaseAsync();

        using var content = new FormUrlEncodedContent(form);
        await AssertFriendlyAsync(await stranger.SendAsync(HttpMethod.Post, "/sign-in", content), HttpStatusCode.ServiceUnavailable, "AdminPortal is not available right now");
        await AssertFriendlyAsync(await signedIn.GetAsync("/account"), HttpStatusCode.ServiceUnavailable, "AdminPortal is not available right now");
        Assert.Equal(HttpStatusCode.OK, (await portal.Browse().GetAsync("/sign-in")).StatusCode);
    }

    [Fact]
    public async Task Page_ThatThrows_IsAFriendlyPageWithoutDetails()
    {
        var answer = await portal.Browse().GetAsync(RunningPortal.FailingPage);

        await AssertFriendlyAsync(answer, HttpStatusCode.InternalServerError, "Something went wrong");
    }

    [Fact]
    public async Task Page_TextThatNoDatabaseTakes_IsABadRequest()
    {
        var answer = await portal.Browse().SubmitAsync(
            "/reset-password?account=%00&token=AAAA", new() { ["Input.Password"] = "four unrelated words", ["Input.Again"] = "four unrelated words" });

        await AssertFriendlyAsync(answer, HttpStatusCode.BadRequest, "This request could not be understood");
    }

    [Fact]
    public async Task Form_WithoutItsAntiforgeryToken_IsABadRequest()
    {
        using var form = new FormUrlEncodedContent([new("_handler", "sign-in")]);

        await AssertFriendlyAsync(await portal.Browse().SendAsync(HttpMethod.Post, "/sign-in", form), HttpStatusCode.BadRequest, "This request could not be understood");
    }

    private static async Task AssertFriendlyAsync(HttpResponseMessage answer, HttpStatusCode status, string title)
    {
        var html = await answer.Content.ReadAsStringAsync(None);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"<h1>{title}</h1>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/\"", html, StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        Assert.DoesNotContain("Exception", html, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", html, StringComparison.Ordinal);
    }
}
