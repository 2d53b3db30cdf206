using System.Net;
using System.Text.RegularExpressions;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

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

    [Fact]
    public async Task ForgotPassword_AskedManyTimes_MailsOnceInFiveMinutes()
    {
        foreach (var email in new[] { RunningPortal.EmailOf(AccountRole.User), " USER@example.org ", RunningPortal.EmailOf(AccountRole.User) })
            await AskAsync(email);
        await AskAsync(RunningPortal.EmailOf(AccountRole.Admin));

        Assert.Equal(
            [RunningPortal.EmailOf(AccountRole.User), RunningPortal.EmailOf(AccountRole.Admin)],
            new[] { (await mail.ReceivedAsync(None)).Recipient, (await mail.ReceivedAsync(None)).Recipient });
        Assert.Equal(0, mail.Waiting);
    }

    [Fact]
    public async Task ForgotPassword_ServerRefusesForNow_SaysSoAndTriesAgain()
    {
        mail.Refusal = "451 greylisted, try again later";
        Assert.Contains("a link is on its way", await AskAsync(RunningPortal.EmailOf(AccountRole.User)), StringComparison.Ordinal);
        var board = portal.Services.GetRequiredService<MailBoard>();
        while (!(await board.StandingAsync(None)).IsFailing)
            await Task.Delay(50, None);

        Assert.Contains("mail is delayed at the moment", await AskAsync("nobody@example.org"), StringComparison.Ordinal);
        mail.Refusal = null;
        await board.SendAgainAsync(Actor.CommandLine, id: null, None);

        Assert.Equal(RunningPortal.EmailOf(AccountRole.User), (await mail.ReceivedAsync(None)).Recipient);
    }

    [Fact]
    public async Task ForgotPassword_NewerLink_EndsTheOlder()
    {
        await AskAsync(RunningPortal.EmailOf(AccountRole.User));
        var older = new Uri(Link().Match((await mail.ReceivedAsync(None)).Message.TextBody!).Value);
        var accounts = portal.Services.GetRequiredService<AccountService>();
        var newer = Assert.IsType<AccountOutcome.Done>(await accounts.CreateResetLinkAsync(portal.Ids[AccountRole.User], Actor.CommandLine, None)).Link!;

        Assert.Contains("has been used or is too old", await (await ChooseAsync(older)).Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await ChooseAsync(new Uri(newer.Url))).StatusCode);
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
