namespace AdminPortal.Core.Sync;

/// <summary>How a device's sync stands, judged by the facts of phase 0.</summary>
public enum SyncVerdict
{
    /// <summary>Seen, and its user synced, within <see cref="SyncStatusList.StaleAfterDays"/> days.</summary>
    Ok,

    /// <summary>The device was not seen, or its user not synced, for longer than that.</summary>
    Stale,

    /// <summary>None of the user's devices has finished a sync yet.</summary>
    NeverSynced,
}
