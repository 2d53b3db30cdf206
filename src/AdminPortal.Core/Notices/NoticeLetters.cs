using System.Globalization;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Mail;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Notices;

/// <summary>Notices by mail. Several that are due at once are one message.</summary>
internal sealed class NoticeLetters(IOptions<PortalOptions> portal, DisownLinks disownLinks) : IMailKind
{
    public string Kind => MailKind.Notice;

    public bool Gathers => true;

    public async Task<Letter?> ComposeAsync(PortalDbContext db, IReadOnlyList<QueuedMail> mails, CancellationToken cancellationToken)
    {
        var accountId = mails[0].AccountId;
        var account = await db.Accounts.AsNoTracking().Where(a => a.Id == accountId && a.DisabledAt == null && a.NoticesByMail && a.Email != null)
            .Select(a => new { a.Id, Email = a.Email! }).SingleOrDefaultAsync(cancellationToken);
        var ids = mails.Select(mail => mail.NoticeId).ToArray();
        var notices = account is null ? [] : await db.Notices.AsNoTracking().Where(n => ids.Contains(n.Id)).OrderBy(n => n.Id).ToListAsync(cancellationToken);
        if (account is null || notices.Count == 0)
        {
            return null;
        }

        var root = portal.Value.PublicUrl.TrimEnd('/');
        var parts = notices.ConvertAll(notice => Part(notice, mails.First(mail => mail.NoticeId == notice.Id), root));
        parts.Add(new LetterPart("", [], [("All notices", $"{root}/notices")]));
        return new Letter(
            account.Email, Subject(notices), parts, $"You get this because notices by mail are on for your account. To switch them off: {root}/account", $"{root}/account");
    }

    private LetterPart Part(Notice notice, QueuedMail mail, string root)
    {
        var text = Text(notice);
        List<(string, string)> facts = [("When", notice.At.UtcDateTime.ToString("ddd d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) + " UTC")];
        AddFact("Device", notice.Count == 1 ? notice.DeviceTitle : null);
        AddFact("Reason given", notice.Reason);
        List<(string, string)> links = [(text.PathText, root + text.Path)];
        if (notice is { Kind: NoticeKind.DevicePaired, PairingId: { } pairing })
        {
            links.Add(("This was not me", disownLinks.Create(mail.Id, notice.AccountId, pairing)));
        }

        return new LetterPart(text.Sentence, facts, links);

        void AddFact(string name, string? value)
        {
            if (value is not null)
            {
                facts.Add((name, Defang.Text(value)));
            }
        }
    }

    private static string Subject(List<Notice> notices) => notices switch
    {
        [{ Count: 1, DeviceTitle: { } device } only] => $"{Text(only).Title}: {Defang.Text(device)}",
        [var only] => Text(only).Title,
        _ => $"{notices.Count} notices about your devices",
    };

    private static NoticeText Text(Notice notice) => new NoticeRow(
        notice.Id, notice.At, notice.Kind, notice.PairingId, notice.DeviceTitle is { } title ? Defang.Text(title) : null, notice.ActorName,
        notice.Reason is { } reason ? Defang.Text(reason) : null, notice.Detail is { } detail ? Defang.Text(detail) : null, notice.Count, IsRead: false).Text;
}
