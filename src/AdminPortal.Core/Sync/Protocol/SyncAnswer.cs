using AdminPortal.Data.Sync;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What a device said of its outbox.</summary>
/// <param name="Pending">Operations that wait besides those of this request.</param>
/// <param name="OldestPendingAt">By the device's clock.</param>
public sealed record DeviceOutbox(int Pending, DateTimeOffset? OldestPendingAt);

/// <summary>How a sync request was answered, for the record. Filled by whoever learns a part of it.</summary>
public sealed class SyncAnswer
{
    public required SyncKind Kind { get; init; }
    public int Status { get; set; }
    public string? Problem { get; set; }
    public string? TraceId { get; set; }
    public TimeSpan Took { get; set; }
    public int Items { get; set; }
    public int Applied { get; set; }
    public int Conflicts { get; set; }
    public int Rejected { get; set; }
    public long? Head { get; set; }

    /// <summary>The version that the device showed to have; null: it is not about that.</summary>
    public long? Acknowledged { get; set; }

    /// <summary>The version that the answer brings it to.</summary>
    public long? Sent { get; set; }

    /// <summary>True: it began to read everything.</summary>
    public bool FromNothing { get; set; }

    /// <summary>True: there is more than the answer brings, perhaps without a version yet.</summary>
    public bool HasMore { get; set; }

    /// <summary>True: it is written bit by bit, and on record when it is over.</summary>
    public bool IsStreamed { get; set; }

    public DeviceOutbox? Outbox { get; set; }

    /// <summary>The device's clock minus the server's.</summary>
    public TimeSpan? ClockSkew { get; set; }
    public string? Report { get; set; }

    public bool IsSuccess => Status is >= 200 and < 400;

    /// <summary>Adds a page that was read.</summary>
    public void Note(PullOutcome.Done page)
    {
        (Items, Head, HasMore, Sent) = (Items + page.Changes.Count, page.Head, page.HasMore, page.Sent);
        (Acknowledged, FromNothing) = IsStreamed ? (Acknowledged, FromNothing) : (page.Acknowledged, page.FromNothing); // a page that follows in the same answer shows nothing of the device
    }

    /// <summary>Everything there is has arrived.</summary>
    public bool IsCaughtUp => IsSuccess && Kind == SyncKind.Pull && Items == 0 && !HasMore && Acknowledged is not null && Acknowledged == Head;
}

/// <summary>The requests of sync; in small letters in <see cref="SyncRequest.Kind"/>.</summary>
public enum SyncKind
{
    Register,
    Push,
    Pull,
    Report,
    Conflicts,
}
