namespace AdminPortal.Core.Sync;

/// <summary>How the sync of a device stands. The first that holds is the verdict; the others are told beside it. See docs/sync-support.md.</summary>
public enum SyncVerdict
{
    /// <summary>The pairing was ended, suspended or ran out, or the device is another person's now.</summary>
    Ended,

    /// <summary>Nothing was ever sent or fetched.</summary>
    NeverSynced,

    /// <summary>Turned away again and again, and not for its app's age.</summary>
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

    /// <summary>Away for so long that it will soon have to read everything again.</summary>
    FullReadDue,

    /// <summary>Not heard of for a month.</summary>
    Dormant,

    /// <summary>Not heard of for a week.</summary>
    Stale,

    /// <summary>It cannot be woken: no push token, or one that is old.</summary>
    NoPushToken,

    /// <summary>Its clock is wrong. That loses nothing, and confuses people.</summary>
    ClockWrong,

    /// <summary>Nothing of the above.</summary>
    Healthy,
}
