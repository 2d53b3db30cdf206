namespace AdminPortal.Core.Notices;

/// <summary>A notice of one person, as its page and its mail tell it.</summary>
/// <param name="Kind">One of <see cref="Data.Notices.NoticeKind"/>'s words; <see cref="NoticeWords"/> puts it in people's.</param>
/// <param name="Count">How many devices it is about.</param>
public sealed record NoticeRow(
    long Id, DateTimeOffset At, string Kind, string? PairingId, string? DeviceTitle, string? ActorName, string? Reason, string? Detail, int Count, bool IsRead)
{
    public NoticeText Text => NoticeWords.Of(this);
}

/// <summary>Some of a person's notices, the newest first, and the cursors around them (null: there are none).</summary>
public sealed record NoticePage(IReadOnlyList<NoticeRow> Rows, string? NextCursor, string? PreviousCursor, int Unread);
