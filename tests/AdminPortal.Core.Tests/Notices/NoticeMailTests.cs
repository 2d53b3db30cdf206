using AdminPortal.Core.Activity;
using AdminPortal.Core.Alerts;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Notices;
using AdminPortal.Testing;
using MimeKit;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>Notices by mail, to a mail server that works, refuses, is away, is slow, and dies at the worst moment.</summary>
public sealed class NoticeMailTests(PairingDatabases databases) : NoticeMailTest(databases)
{
    [Fact]
    public async Task Send_NewDevice_MailsWordsAndALinkAndNoSecret()
    {
        await using var server = new SmtpListener();
        await ExecuteOnPortalAsync($"DELETE FROM portal.mails");
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await MoveAllAsync(NewDispatch(World, withMail: true));

        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));

        var mail = await server.ReceivedAsync(Token);
        Assert.Equal(EmailOf(user), mail.Recipient);
        Assert.Equal("Ward portal: New device paired: Test phone", mail.Message.Subject);
        Assert.Equal("auto-generated", mail.Message.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("<https://portal.example.org/account>", mail.Message.Headers[HeaderId.ListUnsubscribe]);
        Assert.EndsWith("@portal.example.org", mail.Message.MessageId, StringComparison.Ordinal);
        Assert.Contains("Test phone", mail.Message.HtmlBody, StringComparison.Ordinal);
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
            var wait = ((await MailAsync(user))!.NextTryAt!.Value - TimeProvider.System.GetUtcNow()).TotalMinutes;
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
    [InlineData("451 try again later", MailRound.Failed, "waiting")]
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
        while ((await MailAsync(user))!.Tries == 0)
            await Task.Delay(20, Token);

        Assert.Equal(MailRound.NothingDue, await Mails(server).SendNextAsync(Token));

        await stop.CancelAsync(); // the portal is stopped
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
        Assert.Equal(("waiting", 1), await MailOfAsync(user));
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
        for (var i = 0; i < 20; i++)
            await WriteAsync(NoticeKind.ScopesChanged, await World.NewPersonAsync(), Actor.Portal);
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

        await new NoticePreferences(World.Accounts, Smtp(server.Port)).ChooseAsync(user, byMail: false, Token);

        Assert.Equal(MailRound.GivenUp, await Mails(server).SendNextAsync(Token));
        Assert.Equal("dropped", (await MailOfAsync(user)).State);
        Assert.Equal(0, server.Waiting);
    }

    [Fact]
    public async Task Send_SeveralNoticesOfOnePerson_AreOneMessageAndStayOneWhenTriedAgain()
    {
        await using var server = new SmtpListener { DropsAfterData = true };
        await ExecuteOnPortalAsync($"DELETE FROM portal.mails");
        var user = await World.NewPersonAsync();
        foreach (var kind in new[] { NoticeKind.ScopesChanged, NoticeKind.DeviceReleased, NoticeKind.PairingExpiring })
            await WriteAsync(kind, user, Actor.Portal);
        await MoveAllAsync(NewDispatch(World, withMail: true));
        Assert.Equal(MailRound.Failed, await Mails(server).SendNextAsync(Token));

        server.DropsAfterData = false;
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await MoveAllAsync(NewDispatch(World, withMail: true));
        await MakeDueAsync(user);
        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));
        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));
        Assert.Equal(MailRound.NothingDue, await Mails(server).SendNextAsync(Token));

        var (first, again, later) = ((await server.ReceivedAsync(Token)).Message, (await server.ReceivedAsync(Token)).Message, (await server.ReceivedAsync(Token)).Message);
        Assert.Equal("Ward portal: 3 notices about your devices", first.Subject);
        Assert.Equal((first.MessageId, first.TextBody), (again.MessageId, again.TextBody));
        Assert.Equal("Ward portal: Permissions changed: Ward phone", later.Subject);
    }

    [Fact]
    public async Task Send_NamesThatImitateLinks_AreMadeHarmless()
    {
        await using var server = new SmtpListener();
        await ExecuteOnPortalAsync($"DELETE FROM portal.mails");
        var user = await World.NewPersonAsync();
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal, detail: "see http://evil.example/x \u202Egnp.exe");
        await MoveAllAsync(NewDispatch(World, withMail: true));

        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));

        var text = (await server.ReceivedAsync(Token)).Message.TextBody;
        Assert.Contains("http[://]evil[.]example", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', text!);
    }

    [Fact]
    public async Task NotMe_LinkOfTheMail_QuarantinesOnceAndNobodyElsesDevice()
    {
        await using var server = new SmtpListener();
        await ExecuteOnPortalAsync($"DELETE FROM portal.mails");
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await MoveAllAsync(NewDispatch(World, withMail: true));
        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));
        var text = (await server.ReceivedAsync(Token)).Message.TextBody!;
        var link = Uri.UnescapeDataString(text[(text.IndexOf("/not-me?link=", StringComparison.Ordinal) + 13)..].Split('\n', '\r')[0]);
        Assert.False(await Links.WorksAsync(link[..^2], Token));
        Assert.True(await Links.WorksAsync(link, Token));

        Assert.IsType<DisownOutcome.Done>(await Links.UseAsync(link, "192.0.2.1", Token));

        Assert.False(await Links.WorksAsync(link, Token));
        Assert.Null(await Links.UseAsync(link, "192.0.2.1", Token));
        await using var db = World.Databases.CreateDbContext();
        Assert.False((await db.DevicePairings.FindAsync([phone.PairingId], Token))!.IsActive);
    }

    [Theory]
    [InlineData(true, true, "waiting")]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    public async Task Move_WantedAndConfigured_DecideWhetherAMailWaits(bool configured, bool wanted, string? state)
    {
        var user = await World.NewPersonAsync();
        await World.ChangeAccountAsync(user, account => account.NoticesByMail = wanted);
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);

        await MoveAllAsync(NewDispatch(World, configured));

        Assert.Equal(state, (await MailAsync(user))?.State);
        await ExecuteOnPortalAsync($"DELETE FROM portal.mails WHERE \"accountId\" = {user.Id}"); // due for nobody else's test
    }
}
