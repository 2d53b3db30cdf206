using System.Net;
using System.Text.RegularExpressions;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.Accounts;

public sealed partial class ForgottenPasswordMailTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string NewPassword = "four unrelated words";
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly SmtpListener mail = new();
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None, settings: new()
    {
        ["Smtp:Host"] = "127.0.0.1",
        ["Smtp:Port"] = mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Smtp:Security"] = "None",
        ["Smtp:From"] = "portal@example.org",
    });

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await mail.DisposeAsync();
    }

    [Fact]
    public async Task ForgotPassword_WithAMailServer_MailsALinkThatWorksOnce()
    {
        // Nobody's address first: the same answer, and no mail, or it would be the one that is caught.
        var toNobody = await AskAsync("nobody@example.org");
        var toSomebody = await AskAsync(RunningPortal.EmailOf(AccountRole.User));
        Assert.Equal(Sentence().Match(toNobody).Value, Sentence().Match(toSomebody).Value);
        Assert.Contains("a link is on its way", toSomebody, StringComparison.Ordinal);

        var (recipient, message) = await mail.ReceivedAsync(None);
        Assert.Equal(RunningPortal.EmailOf(AccountRole.User), recipient);
        Assert.Equal("portal@example.org", message.From.Mailboxes.Single().Address);
        var link = new Uri(Link().Match(message.TextBody!).Value);
        Assert.Equal("https://portal.example.org/reset-password", link.GetLeftPart(UriPartial.Path));

        Assert.Equal(HttpStatusCode.Found, (await ChooseAsync(link)).StatusCode);
        var again = await ChooseAsync(link);
        Assert.Contains("has been used or is too old", await again.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await portal.Browse().SignInAsync(AccountRole.User, password: NewPassword)).StatusCode);
    }

    private async Task<string> AskAsync(string email) =>
        await (await portal.Browse().SubmitAsync("/forgot-password", new() { ["Input.Email"] = email })).Content.ReadAsStringAsync(None);

    private Task<HttpResponseMessage> ChooseAsync(Uri link) =>
        portal.Browse().SubmitAsync(link.PathAndQuery, new() { ["Input.Password"] = NewPassword, ["Input.Again"] = NewPassword });

    [GeneratedRegex(@"https://\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("<p role=\"status\">[^<]*</p>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sentence();
}
