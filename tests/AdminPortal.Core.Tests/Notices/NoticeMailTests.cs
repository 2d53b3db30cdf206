using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Notices;
using AdminPortal.Testing;
using MailKit.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>Notices by mail, to a mail server that works, refuses, is away, is slow, and dies at the worst moment.</summary>
public sealed class NoticeMailTests(PairingDatabases databases) : NoticesTest(databases)
{
    [Fact]
    public async Task Send_NewDevice_MailsWordsAndALinkAndNoSecret()
    {
        await using var server = new SmtpListener();
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await MoveAllAsync(NewDispatch(World, withMail: true));

        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));

        var mail = await server.ReceivedAsync(Token);
        Assert.Equal(EmailOf(user), mail.Recipient);
        Assert.Equal("AdminPortal: New device paired", mail.Message.Subject);
        var text = mail.Message.TextBody;
        Assert.Contains("“Test phone” was paired with your account.", text, StringComparison.Ordinal);
        Assert.Contains($"https://portal.example.org/devices/{phone.PairingId}", text, StringComparison.Ordinal);
        Assert.DoesNotContain(phone.SessionToken, text, StringComparison.Ordinal);
        Assert.Equal(("sent", 1), await MailOfAsync(user));
        Assert.Equal(MailRound.NothingDue, await Mails(server).SendNextAsync(Token));
    }

    [Fact]
    public async Task Send_ServerAway_TriesAgainAfterEachPauseAndThenGivesUp()
    {
        await using var server = new SmtpListener();
        await server.StopAsync();
        var user = await ToldByMailAsync();

        foreach (var minutes in new[] { 1, 5, 30, 120 })
        {
            Assert.Equal(MailRound.Failed, await Mails(server).SendNextAsync(Token));
            Assert.Equal(MailRound.NothingDue, await Mails(server).SendNextAsync(Token));
            var wait = ((await RowAsync(user)).MailNextTryAt!.Value - TimeProvider.System.GetUtcNow()).TotalMinutes;
            Assert.InRange(wait, minutes - 0.5, minutes);
            await MakeDueAsync(user);
        }

        Assert.Equal(MailRound.Failed, await Mails(server).SendNextAsync(Token));
        Assert.Equal(("failed", 5), await MailOfAsync(user));
        server.Start();
        Assert.Equal(MailRound.NothingDue, await Mails(server).SendNextAsync(Token));
    }

    [Fact]
    public async Task Send_ServerBackAfterAnOutage_SendsTheSameMessage()
    {
        await using var server = new SmtpListener();
        await server.StopAsync();
        var user = await ToldByMailAsync();
        Assert.Equal(MailRound.Failed, await Mails(server).SendNextAsync(Token));

        server.Start();
        await MakeDueAsync(user);
        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));

        Assert.Equal(EmailOf(user), (await server.ReceivedAsync(Token)).Recipient);
        Assert.Equal(("sent", 2), await MailOfAsync(user));
    }

    [Theory]
    [InlineData("550 no such mailbox", MailRound.GivenUp, "failed")]
    [InlineData("451 try again later", MailRound.Failed, "pending")]
    public async Task Send_RecipientRefused_GivesUpOnlyWhenItIsForGood(string refusal, MailRound round, string state)
    {
        await using var server = new SmtpListener { Refusal = refusal };
        var user = await ToldByMailAsync();

        Assert.Equal(round, await Mails(server).SendNextAsync(Token));

        Assert.Equal((state, 1), await MailOfAsync(user));
        Assert.Equal(0, server.Waiting);
    }

    [Fact]
    public async Task Send_ServerSilent_IsNotTakenUpByAnotherInstanceMeanwhile()
    {
        await using var server = new SmtpListener { Silent = true };
        var user = await ToldByMailAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var trying = Mails(server).SendNextAsync(stop.Token);
        while ((await RowAsync(user)).MailTries == 0)
            await Task.Delay(20, Token);

        Assert.Equal(MailRound.NothingDue, await Mails(server).SendNextAsync(Token));

        await stop.CancelAsync(); // the portal is stopped
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
        Assert.Equal(("pending", 1), await MailOfAsync(user));
    }

    [Fact]
    public async Task Send_ServerTakesItAndDies_SendsItAgainUnderTheSameId()
    {
        await using var server = new SmtpListener { DropsAfterData = true };
        var user = await ToldByMailAsync();
        Assert.Equal(MailRound.Failed, await Mails(server).SendNextAsync(Token));

        server.DropsAfterData = false;
        await MakeDueAsync(user);
        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));

        Assert.Equal((await server.ReceivedAsync(Token)).Message.MessageId, (await server.ReceivedAsync(Token)).Message.MessageId);
    }

    [Fact]
    public async Task Send_SeveralInstancesAtOnce_SendEachOnce()
    {
        await using var server = new SmtpListener();
        var user = await World.NewPersonAsync();
        for (var i = 0; i < 20; i++)
            await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await MoveAllAsync(NewDispatch(World, withMail: true));

        await AtOnceAsync(4, async _ =>
        {
            while (await Mails(server).SendNextAsync(Token) is MailRound.Sent)
            {
                // Until none is left.
            }

            return 0;
        });

        Assert.Equal(20, server.Waiting);
    }

    [Fact]
    public async Task Send_SwitchedOffMeanwhile_SendsNothing()
    {
        await using var server = new SmtpListener();
        var user = await ToldByMailAsync();

        await new NoticePreferences(World.Accounts, Smtp(server)).ChooseAsync(user, byMail: false, Token);

        Assert.Equal(MailRound.GivenUp, await Mails(server).SendNextAsync(Token));
        Assert.Equal("none", (await MailOfAsync(user)).Mail);
        Assert.Equal(0, server.Waiting);
    }

    [Theory]
    [InlineData(true, true, "pending")]
    [InlineData(true, false, "none")]
    [InlineData(false, true, "none")]
    public async Task Move_WantedAndConfigured_DecideWhetherAMailWaits(bool configured, bool wanted, string mail)
    {
        var user = await World.NewPersonAsync();
        await World.ChangeAccountAsync(user, account => account.NoticesByMail = wanted);
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);

        await MoveAllAsync(NewDispatch(World, configured));

        Assert.Equal((mail, 0), await MailOfAsync(user));
        await ExecuteOnPortalAsync($"DELETE FROM portal.notices WHERE \"accountId\" = {user.Id}"); // due for nobody else's test
    }

    private static string EmailOf(Actor person) => $"{person.Name!.Replace("Person ", "person", StringComparison.Ordinal)}@example.org";

    private static SmtpMail Smtp(SmtpListener server) =>
        new(Options.Create(new SmtpOptions { Host = "127.0.0.1", Port = server.Port, From = "portal@example.org", Security = SecureSocketOptions.None }));

    private NoticeMails Mails(SmtpListener server) => new(
        World.Accounts, Smtp(server), Options.Create(new PortalOptions { PublicUrl = "https://portal.example.org/" }), NullLogger<NoticeMails>.Instance);

    private async Task<Actor> ToldByMailAsync()
    {
        await ExecuteOnPortalAsync($"DELETE FROM portal.notices");
        var user = await World.NewPersonAsync();
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await MoveAllAsync(NewDispatch(World, withMail: true));
        return user;
    }

    private Task MakeDueAsync(Actor person) => ExecuteOnPortalAsync($"UPDATE portal.notices SET \"mailNextTryAt\" = now() WHERE \"accountId\" = {person.Id}");

    private async Task<(string Mail, int Tries)> MailOfAsync(Actor person) => await RowAsync(person) is var row ? (row.Mail, row.MailTries) : default;
}
