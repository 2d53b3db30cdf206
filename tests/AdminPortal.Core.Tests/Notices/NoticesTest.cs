using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Mail;
using AdminPortal.Data.Notices;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>A test with the outbox of a managed database and the notices of a portal's own.</summary>
public abstract class NoticesTest(PairingDatabases databases) : PairingTest(databases)
{
    private protected NoticeDispatch Dispatch => NewDispatch(World);

    private protected NoticeInbox Inbox => new(World.Accounts);

    internal static NoticeDispatch NewDispatch(PairingWorld world, bool withMail = false) => new(world.Databases, world.Accounts, Smtp(withMail ? 1 : null), new MailQueue(NullLogger<MailQueue>.Instance));

    /// <param name="port">Of a mail server on this machine; null: none is configured.</param>
    internal static SmtpMail Smtp(int? port) => new(
        Options.Create(new SmtpOptions { Host = port is null ? null : "127.0.0.1", Port = port ?? 0, From = "portal@example.org", Security = SecureSocketOptions.None }),
        Options.Create(new PortalOptions { PublicUrl = "https://portal.example.org/", Name = "Ward portal" }));

    /// <summary>Everything that is in the outbox; returns how many rows that were.</summary>
    private protected async Task<int> MoveAllAsync(NoticeDispatch? dispatch = null)
    {
        var all = 0;
        while (await (dispatch ?? Dispatch).MoveAsync(Token) is > 0 and var moved)
            all += moved;
        return all;
    }

    /// <summary>What a person is told, the oldest first.</summary>
    private protected async Task<IReadOnlyList<NoticeRow>> ToldAsync(Actor person)
    {
        await MoveAllAsync();
        return [.. (await Inbox.ListAsync(person, unreadOnly: false, null, 200, Token)).Rows.Reverse()];
    }

    private protected async Task<IReadOnlyList<string>> KindsAsync(Actor person) => [.. (await ToldAsync(person)).Select(n => n.Kind)];

    /// <summary>Puts a notice into the outbox, as an act of the portal does.</summary>
    private protected async Task WriteAsync(string kind, Actor about, Actor by, string? runId = null, string? detail = null, string? pairingId = "pairing")
    {
        await using var db = World.Databases.CreateDbContext();
        db.PendingNotices.Add(new PendingNotice
        {
            Kind = kind,
            UserId = about.UserId!,
            PairingId = pairingId,
            DeviceTitle = "Ward phone",
            ActorId = by.Id,
            ActorName = by.Name,
            RunId = runId,
            Detail = detail,
        });
        await db.SaveChangesAsync(Token);
    }

    /// <summary>The person's one mail; null: there is none.</summary>
    private protected async Task<QueuedMail?> MailAsync(Actor person)
    {
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        return await db.Mails.AsNoTracking().SingleOrDefaultAsync(m => m.AccountId == person.Id, Token);
    }

    private protected async Task ExecuteOnPortalAsync(FormattableString sql)
    {
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        await db.Database.ExecuteSqlAsync(sql, Token);
    }
}
