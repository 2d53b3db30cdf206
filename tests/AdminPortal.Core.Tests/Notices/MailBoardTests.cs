using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Notices;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>What operators see of mail: what waits, what failed, and whether all of it fails.</summary>
public sealed class MailBoardTests(PairingDatabases databases) : NoticeMailTest(databases)
{
    [Fact]
    public async Task SendAgain_FailedMail_GoesOut()
    {
        await using var server = new SmtpListener { Refusal = "550 no such mailbox" };
        var user = await ToldByMailAsync();
        Assert.Equal(MailRound.GivenUp, await Mails(server).SendNextAsync(Token));
        var board = Board(server);
        var standing = await board.StandingAsync(Token);
        Assert.Equal((1, true), (standing.Failed, standing.IsFailing));
        Assert.Contains("no such mailbox", standing.LastError, StringComparison.Ordinal);

        server.Refusal = null;
        Assert.Equal(1, await board.SendAgainAsync(Actor.CommandLine, id: null, Token));
        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));

        Assert.Equal(EmailOf(user), (await server.ReceivedAsync(Token)).Recipient);
        Assert.False((await board.StandingAsync(Token)).IsFailing);
    }

    [Fact]
    public async Task Standing_OnePersonsMailboxRefuses_DoesNotCallAllMailFailing()
    {
        await using var server = new SmtpListener { Refusal = "550 no such mailbox" };
        await ToldByMailAsync();
        Assert.Equal(MailRound.GivenUp, await Mails(server).SendNextAsync(Token));
        server.Refusal = null;
        await WriteAsync(NoticeKind.ScopesChanged, await World.NewPersonAsync(), Actor.Portal);
        await MoveAllAsync(NewDispatch(World, withMail: true));
        Assert.Equal(MailRound.Sent, await Mails(server).SendNextAsync(Token));

        var standing = await Board(server).StandingAsync(Token);

        Assert.Equal((1, false), (standing.Failed, standing.IsFailing));
    }
}
