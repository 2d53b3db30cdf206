using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Sync;

/// <summary>
/// A registered device with its verdict and the evidence for it; all of it comes from <see cref="SyncStandings"/>. Times in UTC. Of the
/// push token only whether there is one, and no word of the person.
/// </summary>
public sealed record SyncStanding
{
    public required string Id { get; init; }
    public required string DeviceId { get; init; }
    public required string UserId { get; init; }
    public string? UserName { get; init; }
    public required string UserEmail { get; init; }

    /// <summary>The name, else the e-mail address.</summary>
    public required string Person { get; init; }
    public required string Platform { get; init; }
    public string? OsVersion { get; init; }
    public required string AppVersion { get; init; }
    public bool HasPushToken { get; init; }
    public DateTime LastSeenAt { get; init; }
    public DateTime? LastSyncedAt { get; init; }

    /// <summary>The pairing with this person; null: the device registered without one, or it was removed.</summary>
    public string? PairingId { get; init; }
    public string? DeviceName { get; init; }

    /// <summary>By its database word.</summary>
    public string? DeviceType { get; init; }

    /// <summary><c>active</c>, <c>expired</c>, <c>quarantined</c>, <c>revoked</c>, <c>elsewhere</c> or <c>removed</c>; null: never paired.</summary>
    public string? Pairing { get; init; }
    public DateTime? PairingEndsAt { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }
    public DateTimeOffset? LastSuccessAt { get; init; }
    public DateTimeOffset? LastPushAt { get; init; }
    public long SentVersion { get; init; }
    public long AcknowledgedVersion { get; init; }

    /// <summary>Of the person's data, as far as versions were given.</summary>
    public long Head { get; init; }
    public DateTimeOffset? CaughtUpAt { get; init; }
    public int? Pending { get; init; }

    /// <summary>By the server's clock: what the device said, less what its clock is wrong.</summary>
    public DateTimeOffset? OldestPendingAt { get; init; }
    public int AttemptsWithoutDrop { get; init; }
    public int ConsecutiveFailures { get; init; }
    public int ConsecutiveRefusals { get; init; }
    public string? LastProblem { get; init; }
    public string? LastTraceId { get; init; }
    public int? ClockSkewSeconds { get; init; }
    public int? SchemaVersion { get; init; }
    public DateTimeOffset? PushTokenAt { get; init; }
    public DateTimeOffset? FullReadAt { get; init; }
    public DateTimeOffset? ResyncRequestedAt { get; init; }
    public string? MinimumAppVersion { get; init; }
    public int OpenRejections { get; init; }
    public int OpenConflicts { get; init; }

    /// <summary>When the oldest change that it lacks was made; null: it lacks none, or that is not known.</summary>
    public DateTimeOffset? MissedAt { get; init; }

    /// <summary>When the oldest refused change or conflict that is still open came up.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>When something was last sent or fetched; null: never.</summary>
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>When the device was last heard of, for its age.</summary>
    public DateTimeOffset? ContactAt { get; init; }
    public SyncVerdict Verdict { get; init; }

    /// <summary>The less, the more severe.</summary>
    public int Severity { get; init; }

    /// <summary>Everything that holds, each as the bit of its <see cref="SyncVerdict"/>.</summary>
    public int Holds { get; init; }

    public string Title => Names.Clean(DeviceName) ?? (Enum.TryParse<DeviceType>(DeviceType?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var type) ? DeviceTypeLabels.Of(type) : Platform);

    /// <summary>True when it was not heard of for more than a day: nothing is known of it since, so nobody says that it syncs.</summary>
    public bool IsSilent(DateTimeOffset now) => ContactAt < now.AddDays(-1);

    /// <summary>How many changes of the person's data it lacks.</summary>
    public long Behind => Math.Max(0, Head - AcknowledgedVersion);

    /// <summary>From when on the verdict's state lasts; null: that is not known, or nothing is wrong.</summary>
    public DateTimeOffset? Since => Verdict switch
    {
        SyncVerdict.Ended => Pairing == "expired" ? EndsAt : null,
        SyncVerdict.SignInFailing => LastSuccessAt,
        SyncVerdict.Outdated => Pending > 0 ? LastPushAt ?? SyncedAt : SyncedAt,
        SyncVerdict.StuckUploading => OldestPendingAt,
        SyncVerdict.StuckDownloading => ConsecutiveFailures > 0 ? LastSuccessAt ?? MissedAt : MissedAt,
        SyncVerdict.Rejected => RefusedAt,
        SyncVerdict.CatchingUp => MissedAt ?? OldestPendingAt,
        SyncVerdict.FullReadDue or SyncVerdict.Dormant or SyncVerdict.Stale => ContactAt,
        _ => null,
    };

    internal DateTimeOffset? EndsAt => PairingEndsAt is { } end ? new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Utc)) : null;

    /// <summary>What holds besides the verdict.</summary>
    public IEnumerable<SyncVerdict> Others => Enum.GetValues<SyncVerdict>().Where(v => v != Verdict && Is(v));

    public bool Is(SyncVerdict verdict) => (Holds & (1 << (int)verdict)) != 0;
}
