namespace AdminPortal.Core.Sync;

/// <summary>What the sync list can be sorted by.</summary>
public enum SyncSort
{
    LastSeen,
    User,
    LastSynced,

    /// <summary>The worst verdict first. Every device is judged for it, so only where few thousand are registered.</summary>
    Severity,
}

/// <summary>Which registered devices, in which order, from where, and how many (1–200).</summary>
/// <param name="Search">Words, each a part of the person's name or e-mail, or of the device's name, kind, id or address.</param>
/// <param name="Platform">As the device wrote it, in any case.</param>
/// <param name="AppVersion">As the device wrote it.</param>
/// <param name="Group">Only devices with a verdict of this group.</param>
public sealed record SyncStatusQuery(
    string? Search = null, SyncVerdict? Verdict = null, string? Platform = null, string? AppVersion = null, SyncSort Sort = SyncSort.LastSeen, bool Descending = true,
    string? Cursor = null, int Limit = 50, SyncGroup? Group = null);
