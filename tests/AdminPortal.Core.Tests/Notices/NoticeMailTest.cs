using AdminPortal.Core.Activity;
using AdminPortal.Core.Alerts;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Notices;
using AdminPortal.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>A test with notices that go out by mail.</summary>
public abstract class NoticeMailTest(PairingDatabases databases) : NoticesTest(databases)
{
    private protected static readonly IDataProtectionProvider Keys = new EphemeralDataProtectionProvider();

    private protected DisownLinks Links => new(
        Keys, Options.Create(new PortalOptions { PublicUrl = "https://portal.example.org/" }), World.Accounts, new DeviceDisowning(World.Databases));

    private protected MailBoard Board(SmtpListener server) =>
        new(World.Accounts, Smtp(server.Port), Queue, new AuditLog(World.Accounts), Options.Create(new PortalOptions()), TimeProvider.System);

    private protected static MailQueue Queue => new(NullLogger<MailQueue>.Instance);

    private protected static string EmailOf(Actor person) => $"{person.Name!.Replace("Person ", "person", StringComparison.Ordinal)}@example.org";

    private protected MailSender Mails(SmtpListener server) => new(
        World.Accounts, Smtp(server.Port), [new NoticeLetters(Options.Create(new PortalOptions { PublicUrl = "https://portal.example.org/" }), Links)],
        NullLogger<MailSender>.Instance);

    private protected async Task<Actor> ToldByMailAsync()
    {
        await ExecuteOnPortalAsync($"DELETE FROM portal.mails");
        var user = await World.NewPersonAsync();
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await MoveAllAsync(NewDispatch(World, withMail: true));
        return user;
    }

    private protected Task MakeDueAsync(Actor person) => ExecuteOnPortalAsync($"UPDATE portal.mails SET \"nextTryAt\" = now() WHERE \"accountId\" = {person.Id}");

    private protected async Task<(string State, int Tries)> MailOfAsync(Actor person) => await MailAsync(person) is { } mail ? (mail.State, mail.Tries) : default;
}
