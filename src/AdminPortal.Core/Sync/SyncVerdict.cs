namespace AdminPortal.Core.Sync;

/// <summary>How the sync of a device stands. The first that holds is the verdict; the others are told beside it. See docs/sync-support.md.</summary>
public enum SyncVerdict
{
    /// <summary>The pairing was revoked or quarantined or has expired, or the device is another person's now.</summary>
    Ended,

    /// <summary>Nothing was ever sent or fetched.</summary>
    NeverSynced,

    /// <summary>Its sign-in is refused again and again, and not for its app's age.</summary>
    SignInFailing,

    /// <summary>The app is below the minimum, or knows another shape of data than the portal.</summary>
    Outdated,

    /// <summary>What waits on the device does not become less, attempt after attempt.</summary>
    StuckUploading,

    /// <summary>It tries, and still lacks what has been there for long; or it fails every time.</summary>
    StuckDownloading,

    /// <summary>Something it sent was refused for good, or overwrote or lost a value, and nobody has dealt with it.</summary>
    Rejected,

    /// <summary>Something is on its way, and nothing is wrong with that yet.</summary>
    CatchingUp,

    /// <summary>Silent for so long that it must soon reload everything.</summary>
    FullReadDue,

    /// <summary>Not heard of for a month.</summary>
    Dormant,

    /// <summary>Not heard of for a week.</summary>
    Stale,

    /// <summary>It cannot be woken: no push token, or one that is old. A mark beside the verdict, never the verdict.</summary>
    NoPushToken,

    /// <summary>Its clock is wrong. That loses nothing, and confuses people. A mark beside the verdict, never the verdict.</summary>
    ClockWrong,

    /// <summary>Nothing of the above.</summary>
    Healthy,
}

/// <summary>What lists open with: the problems, then the silent, then the rest.</summary>
public enum SyncGroup
{
    /// <summary>Somebody has to do something about it.</summary>
    Problems,

    /// <summary>Not heard of for a week or longer.</summary>
    Silent,

    /// <summary>In sync or on its way there; and what never synced or may not sync any more.</summary>
    Fine,
}

/// <summary>How verdicts go together.</summary>
public static class SyncVerdicts
{
    /// <summary>Which of them only stand beside another.</summary>
    public static bool IsMark(this SyncVerdict verdict) => verdict is SyncVerdict.NoPushToken or SyncVerdict.ClockWrong;

    /// <summary>Null: a mark, which is in no group.</summary>
    public static SyncGroup? Group(this SyncVerdict verdict) => verdict switch
    {
        SyncVerdict.SignInFailing or SyncVerdict.Outdated or SyncVerdict.StuckUploading or SyncVerdict.StuckDownloading or SyncVerdict.Rejected => SyncGroup.Problems,
        SyncVerdict.FullReadDue or SyncVerdict.Dormant or SyncVerdict.Stale => SyncGroup.Silent,
        SyncVerdict.NoPushToken or SyncVerdict.ClockWrong => null,
        _ => SyncGroup.Fine,
    };

    /// <summary>The verdicts of a group, the most severe first.</summary>
    public static IReadOnlyList<SyncVerdict> Of(SyncGroup group) => [.. Enum.GetValues<SyncVerdict>().Where(v => v.Group() == group)];
}
