using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>A test with the outbox of a managed database and the notices of a portal's own.</summary>
public abstract class NoticesTest(PairingDatabases databases) : PairingTest(databases)
{
    private protected NoticeDispatch Dispatch => NewDispatch(World);

    private protected NoticeInbox Inbox => new(World.Accounts);

    internal static NoticeDispatch NewDispatch(PairingWorld world, bool withMail = false) => new(world.Databases, world.Accounts, new ConfiguredMail(withMail));

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

    private protected async Task<Notice> RowAsync(Actor person)
    {
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        return await db.Notices.AsNoTracking().SingleAsync(n => n.AccountId == person.Id, Token);
    }

    private protected async Task ExecuteOnPortalAsync(FormattableString sql)
    {
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        await db.Database.ExecuteSqlAsync(sql, Token);
    }

    /// <summary>Says whether there is a mail server; nothing is sent through it.</summary>
    private sealed class ConfiguredMail(bool configured) : IMail
    {
        public bool Configured => configured;

        public Task SendAsync(string to, string subject, string text, CancellationToken cancellationToken, string? messageId = null) =>
            throw new InvalidOperationException("The outbox sends no mail.");
    }
}
