using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Web.Alerts;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Notices;

/// <summary>A person's own notices, the newest first, live.</summary>
public sealed partial class NoticesPage
{
    private const int Shown = 30;

    [Inject] public required NoticeInbox Inbox { get; set; }

    [Inject] public required NoticeChanges NoticeChanges { get; set; }

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] internal AlertDialogs Dialogs { get; set; } = null!;

    [SupplyParameterFromQuery] public string? Show { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    protected override string ViewKey => $"{Show} {Cursor}";

    private bool UnreadOnly => Show == "unread";

    private string[] Unreadable => Show is null or "unread" ? [] : [$"show={Show}"];

    protected override async Task<NoticePage?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        Unreadable.Length > 0 ? null : await Inbox.ListAsync(actor, UnreadOnly, Cursor, Shown, cancellationToken);

    protected override IDisposable Subscribe() => NoticeChanges.Subscribe(accountId =>
    {
        if (accountId is null || accountId == Actor?.Id)
        {
            Announce();
        }
    });

    private Task<bool> MarkAsync(NoticeRow notice) => Messages.TryAsync(() => Inbox.MarkReadAsync(Actor!, notice.Id, Life));

    /// <summary>On the first page that is all; further back, what stands here and everything older.</summary>
    private Task<bool> MarkAllAsync() => Messages.TryAsync(() => Inbox.MarkAllReadAsync(Actor!, State.Value!.Rows.Max(n => n.Id), Life));

    private async Task DisownAsync(NoticeRow notice)
    {
        if (await Dialogs.DisownAsync(Actor!, notice.PairingId!, notice.DeviceTitle ?? "this device", Life) && !notice.IsRead)
        {
            await MarkAsync(notice);
        }
    }

    private string Turn(string cursor) => QueryText.Address("/notices", ("show", UnreadOnly ? "unread" : null), ("cursor", cursor));
}
